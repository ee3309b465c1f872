/**
 * Every server era that is spoken, oldest first: what its `GET /` answers and what it accepts (`protocol.md` §1.1, §1.2).
 * The manager version is the last patch that was read or run.
 */
export const releases = [
  { release: "19.03", apiVersion: "v4.20190315", manager: "19.03.5" },
  { release: "19.09", apiVersion: "v4.20190615", manager: "19.09.27" },
  { release: "20.03", apiVersion: "v5.20191215", manager: "20.03.19" },
  { release: "20.09", apiVersion: "v6.20200815", manager: "20.09.0" },
  { release: "21.03", apiVersion: "v6.20210815", manager: "21.03.32" },
  { release: "22.03", apiVersion: "v6.20220315", manager: "22.03.3" },
  { release: "22.09", apiVersion: "v6.20220615", manager: "22.09.23" },
  { release: "23.03", apiVersion: "v6.20230315", manager: "23.03.0" },
  { release: "23.09", apiVersion: "v7.20230615", manager: "23.09.10" },
  { release: "24.03", apiVersion: "v8.20240315", manager: "24.03.11" },
  { release: "24.09", apiVersion: "v8.20240915", manager: "24.09.6" },
  { release: "26.8", apiVersion: "v9.20250722", manager: "26.8.1" },
] as const;

/** A server era by the API version that it announces. */
export type Release = (typeof releases)[number];

/** Versions that a server accepts in the version header beside its own and its elders' (`protocol.md` §1.2). */
export const acceptedVersions = [
  "v4.20181215",
  "v4.20190115",
  "v6.20221201",
  ...releases.map((r) => r.apiVersion),
];

/** What was measured, as a table; who misses a bar is remembered. */
export class Report {
  #isMissed = false;

  constructor(title: string) {
    console.log(`${title}\n\n| what | figure | bar | |\n| --- | --- | --- | --- |`);
  }

  get isMissed(): boolean {
    return this.#isMissed;
  }

  row(what: string, figure: string, bar: string, isMet: boolean): void {
    this.#isMissed ||= !isMet;
    console.log(`| ${what} | ${figure} | ${bar} | ${isMet ? "PASS" : "**FAIL**"} |`);
  }

  /** A figure without a bar. */
  note(what: string, figure: string): void {
    console.log(`| ${what} | ${figure} | | |`);
  }
}

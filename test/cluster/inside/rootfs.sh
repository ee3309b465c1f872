#!/bin/sh
# Makes the file system of the session image as a tar file, with no image registry:  rootfs.sh UV TAR PACKAGES
# UV is the package installer, PACKAGES a file of pinned Python packages.
set -eu
uv=$1 tar=$2 packages=$3 root=${2%.tar}
rm -rf "$root"
# python3: the interpreter of sessions; gcc and make: what batch runs of C build with.
debootstrap --variant=minbase --include=python3,passwd,procps,gcc,libc6-dev,make,ca-certificates bookworm "$root" ${DEBIAN_MIRROR:-}
# Jupyter's kernel and matplotlib come from the package index: Debian's own packages bring a debugger and 1.6 GB with them.
site=$root/usr/local/lib/python3.11/dist-packages
"$uv" pip install -q --python-version 3.11 --python-platform x86_64-manylinux_2_28 --only-binary :all: --target "$site" -r "$packages"
rm -rf "$site"/bin "$site"/matplotlib/tests "$site"/numpy/tests "$site"/debugpy/_vendored/pydevd/pydevd_attach_to_process
chroot "$root" python3 -m ipykernel install --prefix=/usr --name python3 --display-name "Python 3"
# Sessions can't write there: without this, each one compiles the modules of its interpreter again, for seconds.
chroot "$root" python3 -m compileall -q /usr/lib/python3 /usr/lib/python3.11 /usr/local/lib/python3.11 || true
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/info/* "$root"/usr/share/locale/*
tar -C "$root" -cf "$tar.part" .
mv "$tar.part" "$tar"
rm -rf "$root"

#!/usr/bin/env bash
# Builds what a release holds for one target into dist/: the archive, and the wheel.
#
#   .github/release.sh x86_64-unknown-linux-musl [options of `maturin build`]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:?the target is missing, such as x86_64-unknown-linux-musl}
shift
suffix=
[[ $target != *windows* ]] || suffix=.exe

cargo build --release --locked --target "$target"
mkdir -p dist
cp "${CARGO_TARGET_DIR:-target}/$target/release/mcpsentry$suffix" "dist/mcpsentry$suffix"
cp README.md LICENSE CHANGELOG.md dist/
(
  cd dist
  tar -czf "mcpsentry-$target.tar.gz" "mcpsentry$suffix" README.md LICENSE CHANGELOG.md
  rm "mcpsentry$suffix" README.md LICENSE CHANGELOG.md
)
maturin build --release --locked --target "$target" --out dist "$@"

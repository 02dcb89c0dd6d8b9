#!/usr/bin/env bash
# Builds what a release holds for one target into dist/.
#
#   .github/release.sh archive x86_64-unknown-linux-musl
#   .github/release.sh wheel x86_64-unknown-linux-musl [options of `maturin build`]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

what=${1:?what to build is missing: archive or wheel}
target=${2:?the target is missing, such as x86_64-unknown-linux-musl}
shift 2
mkdir -p dist

case $what in
  archive)
    program=mcpsentry
    [[ $target != *windows* ]] || program=mcpsentry.exe
    cargo build --release --locked --target "$target"
    cp "${CARGO_TARGET_DIR:-target}/$target/release/$program" README.md LICENSE CHANGELOG.md dist/
    cd dist
    tar -czf "mcpsentry-$target.tar.gz" "$program" README.md LICENSE CHANGELOG.md
    rm "$program" README.md LICENSE CHANGELOG.md
    ;;
  wheel)
    maturin build --release --locked --target "$target" --out dist "$@"
    ;;
  *)
    echo "$what is neither archive nor wheel" >&2
    exit 2
    ;;
esac

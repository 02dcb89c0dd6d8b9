#!/usr/bin/env bash
# Puts the program where the next step finds it: a release whose checksum is right, or a build of this checkout.
#
# Reads INPUT_VERSION. Writes `program` to GITHUB_OUTPUT, and its folder to GITHUB_PATH for later steps.
# MCPSENTRY_RELEASES may name a mirror that holds v0.1.0/mcpsentry-TARGET.tar.gz and v0.1.0/SHA256SUMS.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$RUNNER_TEMP/mcpsentry
version=${INPUT_VERSION:-}
version=${version#v}
releases=${MCPSENTRY_RELEASES:-https://github.com/mcpsentry/mcpsentry/releases/download}

fail() {
  printf '::error title=mcpsentry::%s\n' "$1"
  exit 2
}

target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
  esac
}

# The release of this checkout; its text is ours.
own_version() {
  sed -n '/^version = "[0-9A-Za-z.+-]*"$/{s/^version = "//;s/"$//;p;q;}' "$checkout/Cargo.toml"
}

# Downloads to a file; fails if the server has it not.
fetch() {
  local protocols='=https'
  [[ -z ${MCPSENTRY_RELEASES:-} ]] || protocols='=https,http,file'
  curl --proto "$protocols" --tlsv1.2 --silent --show-error --fail --location --retry 3 --max-time 300 \
    --output "$2" -- "$1"
}

sha256() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Fetches the release $1 for the machine $2. 1: there is no such release.
download() {
  local version=$1 target=$2 archive="mcpsentry-$2.tar.gz" wanted found
  fetch "$releases/v$version/SHA256SUMS" "$folder/SHA256SUMS" || return 1
  fetch "$releases/v$version/$archive" "$folder/$archive" || return 1
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1; exit }' "$folder/SHA256SUMS")
  found=$(sha256 "$folder/$archive")
  if [[ ! $wanted =~ ^[0-9a-f]{64}$ ]]; then
    fail "SHA256SUMS of v$version has no checksum for $archive; nothing of it was run"
  fi
  if [[ $wanted != "$found" ]]; then
    fail "the checksum of $archive of v$version is wrong: $found instead of $wanted; nothing of it was run"
  fi
  # In the folder, since tar takes the colon of a Windows path for that of a host.
  (cd -- "$folder" && tar -xzf "$archive") || fail "$archive of v$version cannot be unpacked"
}

build() {
  command -v cargo > /dev/null || fail "there is no cargo to build mcpsentry with; give a released version"
  cargo build --manifest-path "$checkout/Cargo.toml" --release --locked --target-dir "$folder/target"
  cp "$folder/target/release/mcpsentry$suffix" "$folder/mcpsentry$suffix"
}

rm -rf -- "$folder"
mkdir -p -- "$folder"
target=$(target)
suffix=
[[ $target != *windows* ]] || suffix=.exe

if [[ $version == source ]]; then
  build
elif [[ -n $version ]]; then
  if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.-]+)?$ ]]; then
    fail 'the input version has to be a version such as 0.1.0, or the word source'
  fi
  [[ -n $target ]] || fail "there is no release for this machine; use version: source"
  download "$version" "$target" || fail "there is no release $version to download for $target"
elif [[ -z $target ]] || ! download "$(own_version)" "$target"; then
  echo "There is no release of this checkout for this machine; building it."
  build
fi

[[ -f $folder/mcpsentry$suffix ]] || fail "the archive of the release holds no mcpsentry$suffix"
chmod +x "$folder/mcpsentry$suffix"
"$folder/mcpsentry$suffix" --version
printf 'program=%s\n' "$folder/mcpsentry$suffix" >> "$GITHUB_OUTPUT"
printf '%s\n' "$folder" >> "$GITHUB_PATH"

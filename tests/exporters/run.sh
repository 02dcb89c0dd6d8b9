#!/usr/bin/env bash
# Runs the exporters and the commands of README's "Other inputs" against the real frameworks, installed in pinned versions
# from their registries into a temporary folder. Says what it skips: a registry that cannot be reached is no failure.
#
#   tests/exporters/run.sh [PROGRAM [FRAMEWORK...]]      UPDATE=1 writes the expected manifests anew
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$(realpath "${1:-$root/target/debug/mcpsentry}")
chosen=" ${*:2} "
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/mcpsentry"
export PATH="$scratch/bin:$scratch/python/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 NO_COLOR=1

# Whether a framework is among the chosen ones; without a choice, all are.
wants() { [ -z "${chosen// /}" ] || [[ $chosen == *" $1 "* ]]; }
skip() { echo "skipped: $*"; }
fail() { echo "failed: $*" >&2; exit 1; }

# The commands of README that hold a text, to be run as they stand.
commands() {
  sed -n '/<!-- routes -->/,/^<!-- end of routes -->/p' "$root/README.md" | grep -F -- "$1" || fail "README has no command with: $1"
}

# Runs a command of README in the folder that it is in, and expects an exit code; every application here has something to
# block.
audits() {
  local code=0 expected=${2:-1}
  bash -c "set -eo pipefail; $(commands "$1")" >"$scratch/report" 2>"$scratch/messages" || code=$?
  [ "$code" = "$expected" ] || { cat "$scratch/report" "$scratch/messages"; fail "$1: exit code $code"; }
}

# Runs an export command of README in a copy of an application, and compares what it writes with what is expected.
exports() {
  local name=$1 label=$2
  rm -rf "$scratch/app" && cp -r "$here/$name" "$scratch/app" && cd "$scratch/app"
  rm -f expected.json
  [ ! -d "$scratch/node" ] || ln -s "$scratch/node/node_modules" node_modules
  bash -c "set -eo pipefail; $(commands "mcpsentry export $name")" >"$scratch/report" 2>"$scratch/messages" ||
    { cat "$scratch/messages"; fail "$label"; }
  [ -z "${UPDATE:-}" ] || cp routes.json "$here/$name/expected.json"
  # The version is that of the framework which was tried last.
  diff -u <(grep -v '"framework_version":' "$here/$name/expected.json") <(grep -v '"framework_version":' routes.json) ||
    fail "$label: another manifest than expected"
  echo "passed: $label"
}

# A folder of Python packages; nothing if they cannot be installed.
python_with() {
  local folder="$scratch/python"
  rm -rf "$folder"
  python3 -m venv "$folder" 2>/dev/null && "$folder/bin/pip" install --quiet "$@" 2>"$scratch/messages" || { skip "$*"; return 1; }
}

node_with() {
  rm -rf "$scratch/node" && mkdir "$scratch/node" && cd "$scratch/node"
  command -v npm >/dev/null && npm install --silent --no-audit --no-fund "$@" >"$scratch/messages" 2>&1 || { skip "$*"; return 1; }
}

for version in 0.115.12 0.165.0; do
  if wants fastapi && python_with fastapi==$version pydantic==2.12.5; then
    exports fastapi "fastapi $version"
  fi
done

for version in 2.3.3 3.1.3; do
  if wants flask && python_with flask==$version; then
    exports flask "flask $version"
    audits "flask --app"
    flask --app shop:create_app routes | sed 1d >"$scratch/table"
    diff -u <(sed 1d "$root/fixtures/listings/flask-routes.txt") "$scratch/table" || fail "flask $version prints another table"
  fi
done

export DJANGO_SETTINGS_MODULE=settings PYTHONPATH=.
for version in 4.2.27 5.2.9; do
  if wants django && python_with django==$version djangorestframework==3.16.1 django-extensions==4.1; then
    exports django "django $version"
    audits "show_urls"
  fi
done
unset PYTHONPATH

for version in 4.21.2 5.1.0; do
  if wants express && node_with express@$version express-list-endpoints@7.1.1; then
    exports express "express $version"
    MCPSENTRY_ROUTES=preloaded.json node --require ./express_routes.cjs shop.cjs 2>"$scratch/messages"
    diff routes.json preloaded.json || fail "express $version: preloading finds other routes"
    node express_routes.cjs ./module.mjs module.json 2>"$scratch/messages"
    grep -q '"/module"' module.json || fail "express $version: nothing found of an ES module"
    list="express-list-endpoints')"
    case $version in
      4.*) audits "$list" ;;
      5.*) audits "$list" 3 ;; # It finds nothing there, which must not pass.
    esac
  fi
done

if ! wants rails; then
  :
elif ruby -e 'require "rails"' 2>/dev/null; then
  rm -rf "$scratch/node"
  exports rails "rails $(ruby -e 'require "rails"; print Rails.version')"
  audits "bin/rails routes"
else
  skip "rails: there is no Ruby with it"
fi

# Neither PHP nor Java is installed for a test: what these commands print is at hand.
for tool in php curl; do
  fixture=artisan-route-list.json
  [ $tool = php ] || fixture=spring-mappings.json
  printf '#!/bin/sh\ncat "%s"\n' "$root/fixtures/listings/$fixture" >"$scratch/bin/$tool"
  chmod +x "$scratch/bin/$tool"
done
audits "php artisan"
audits "actuator/mappings"
echo "passed: commands of README"

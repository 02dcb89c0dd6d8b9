#!/usr/bin/env bash
# One run of the audit: annotations or text in the log, the job summary, SARIF and JSON; the counts as outputs.
#
# Reads MCPSENTRY (the program) and INPUT_*; every line of INPUT_INPUTS and INPUT_OPTIONS is one argument. Ends as the
# audit does.
set -euo pipefail

folder=$RUNNER_TEMP/mcpsentry-reports
json=$folder/mcpsentry.json
sarif=$folder/mcpsentry.sarif
summary=$folder/summary.md
# What a step may add to the summary, less some room.
summary_limit=1000000

fail() {
  printf '::error title=mcpsentry::%s\n' "$1"
  exit 2
}

# Prints a text in which the runner looks for no commands of its own.
print_inert() {
  local token
  token=mcpsentry-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat
  printf '\n::%s::\n' "$token"
}

# The lines of $1 without those that are blank, as the array `lines`.
split() {
  lines=()
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    line=${line#"${line%%[![:space:]]*}"}
    line=${line%"${line##*[![:space:]]}"}
    [[ -z $line ]] || lines+=("$line")
  done <<< "$1"
}

# A number of the JSON report, which has one key a line; names in it are deeper.
count() {
  sed -n "/^ \{$1\}\"$2\": [0-9][0-9]*,\{0,1\}\$/{s/[^0-9]//g;p;q;}" "$json"
}

case ${INPUT_ANNOTATIONS:-true} in
  true) format=github ;;
  false) format=text ;;
  *) fail 'the input annotations has to be true or false' ;;
esac

arguments=(audit "--format=$format" --output "json=$json" --output "sarif=$sarif" --output "markdown=$summary")
case ${INPUT_FAIL_ON:-} in
  '') ;;
  critical | high | medium | low | never) arguments+=("--fail-on=$INPUT_FAIL_ON") ;;
  *) fail 'the input fail-on has to be critical, high, medium, low or never' ;;
esac
split "${INPUT_OPTIONS:-}"
for option in ${lines[@]+"${lines[@]}"}; do
  # What is no option would be a document, and `--` would make documents of all that follows.
  [[ $option == -?* && $option != -- ]] || fail 'each line of the input options has to be one option, such as --exclude=/api/*'
  arguments+=("$option")
done
split "${INPUT_INPUTS:-}"
for input in ${lines[@]+"${lines[@]}"}; do
  [[ $input != - ]] || fail 'the input inputs cannot name standard input'
done
arguments+=(-- ${lines[@]+"${lines[@]}"})

rm -rf -- "$folder"
mkdir -p -- "$folder"
cd -- "${GITHUB_WORKSPACE:?}"

code=0
if [[ $format == github ]]; then
  "$MCPSENTRY" "${arguments[@]}" < /dev/null 2> "$folder/messages" || code=$?
else
  "$MCPSENTRY" "${arguments[@]}" < /dev/null > "$folder/text" 2> "$folder/messages" || code=$?
  print_inert < "$folder/text"
fi
[[ ! -s $folder/messages ]] || print_inert < "$folder/messages"

# Help, for one, ends well and audits nothing.
[[ $code != 0 || -s $json || -s $summary ]] || fail 'nothing was audited: an option asks for something else'

if [[ -s $summary ]]; then
  if [[ $(wc -c < "$summary") -gt $summary_limit ]]; then
    # Up to the last whole line.
    head -c "$summary_limit" "$summary" | sed '$d' >> "$GITHUB_STEP_SUMMARY"
    printf '\n\nThe summary was cut; the SARIF and JSON reports have everything.\n' >> "$GITHUB_STEP_SUMMARY"
  else
    cat "$summary" >> "$GITHUB_STEP_SUMMARY"
  fi
fi

printf 'exit-code=%s\n' "$code" >> "$GITHUB_OUTPUT"
if [[ -s $json ]]; then
  findings=0
  for severity in critical high medium low info suppressed baselined; do
    number=$(count 4 "$severity")
    printf '%s=%s\n' "$severity" "${number:?the JSON report has no count of $severity}" >> "$GITHUB_OUTPUT"
    case $severity in suppressed | baselined) ;; *) findings=$((findings + number)) ;; esac
  done
  {
    printf 'findings=%s\n' "$findings"
    printf 'tools=%s\n' "$(count 2 exposed_tools)"
    printf 'routes=%s\n' "$(count 2 total_routes)"
    printf 'json=%s\n' "$json"
  } >> "$GITHUB_OUTPUT"
fi
[[ ! -s $sarif ]] || printf 'sarif=%s\n' "$sarif" >> "$GITHUB_OUTPUT"

case $code in
  0) ;;
  1) printf '::error title=mcpsentry::Findings block; see the annotations and the summary.\n' ;;
  3) printf '::error title=mcpsentry::Something could not be checked and might hide a blocker; see the log.\n' ;;
  *) printf '::error title=mcpsentry::The audit could not run; see the log.\n' ;;
esac
exit "$code"

#!/bin/sh
# Checks this bundle against keys that you trust. Needs coreutils, xxd and openssl 3; nothing else.
#
#   sh verify.sh KEYS [OLD-CHECKPOINT]
#
# KEYS is a file of trusted keys that you did not get with this bundle (see VERIFY.txt).
# OLD-CHECKPOINT is one that you kept from an earlier bundle, if any. Exit code 0: all checked;
# 1: something is wrong, and the file is named; 2: it could not be checked.

LC_ALL=C
export LC_ALL
set -f
status=0
tab=$(printf '\t')
dash=$(printf '\342\200\224')
newline='
'

wrong() {
  printf 'wrong  %s: %s\n' "$1" "$2"
  status=1
}
good() { printf 'ok     %s\n' "$1"; }
cannot() {
  printf 'cannot be checked: %s\n' "$1" >&2
  exit 2
}

[ $# -eq 1 ] || [ $# -eq 2 ] || cannot "usage: sh verify.sh KEYS [OLD-CHECKPOINT]"
for tool in sha256sum xxd openssl base64 split cut comm wc mktemp head tail sort uniq paste; do
  command -v "$tool" >/dev/null 2>&1 || cannot "$tool is missing"
done
work=$(mktemp -d) || cannot "no temporary folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM
cat <"$1" >"$work/keys" 2>/dev/null || cannot "$1 cannot be read"
old=
if [ $# -eq 2 ]; then
  old=$work/old
  cat <"$2" >"$old" 2>/dev/null || cannot "$2 cannot be read"
fi
here=${0%/*}
[ "$here" = "$0" ] && here=.
cd "$here" || cannot "the folder of the bundle"
if [ ! -f manifest-sha256.txt ] && [ ! -f case.json ]; then cannot "this is no bundle"; fi

digest() { sha256sum <"$1" | cut -c1-64; }
hex_of() { printf '%s\n' "$1" | base64 -d 2>/dev/null | xxd -p | paste -s -d '\0' -; }
bytes() { printf '%s' "$1" | xxd -r -p; }

# --- every file is listed, and what was sealed ------------------------------------------------

plain() {
  case $1 in
    '' | /* | */ | *//* | .* | */.* | *[!A-Za-z0-9._/-]*) return 1 ;;
  esac
}

walk() {
  set +f
  set -- "$1"* "$1".*
  set -f
  for path do
    case ${path##*/} in . | ..) continue ;; esac
    if [ -L "$path" ]; then
      wrong "$path" "is a link"
    elif [ ! -e "$path" ]; then
      continue
    elif ! plain "$path"; then
      wrong "$path" "has a name that no file of a bundle has"
    elif [ -d "$path" ]; then
      walk "$path/"
    elif [ ! -f "$path" ]; then
      wrong "$path" "is no file"
    else
      printf '%s\n' "$path" >>"$work/there"
    fi
  done
}
: >"$work/there"
walk ""

compare() {
  if [ ! -f "$1" ] || [ -L "$1" ]; then
    wrong "$1" "is missing"
    return
  fi
  : >"$work/sums"
  : >"$work/names"
  while IFS= read -r line || [ -n "$line" ]; do
    path=${line#????????????????????????????????????????????????????????????????  }
    sum=${line%"  $path"}
    inside=tag
    case $path in data/*) inside=data ;; esac
    if [ ${#sum} -ne 64 ] || ! plain "$path" || [ "$inside" != "$2" ]; then
      wrong "$1" "has a line that is no digest and plain name"
      continue
    fi
    case $sum in *[!0-9a-f]*) wrong "$1" "has a line that is no digest and plain name" ;; esac
    printf '%s\n' "$path" >>"$work/names"
    if [ -f "$path" ] && [ ! -L "$path" ]; then
      printf '%s\n' "$line" >>"$work/sums"
    else
      wrong "$path" "is missing"
    fi
  done <"$1"
  [ "$(tail -c 1 "$1" | xxd -p)" = 0a ] || wrong "$1" "its last line is not complete"
  sort "$work/names" >"$work/sorted"
  [ "$(digest "$work/names")" = "$(digest "$work/sorted")" ] ||
    wrong "$1" "its lines are not in order"
  [ -z "$(uniq -d "$work/sorted")" ] || wrong "$1" "names a file twice"
  cat "$work/names" >>"$work/listed"
  if [ -s "$work/sums" ]; then
    sha256sum -c "$work/sums" >"$work/results" 2>/dev/null
    while IFS= read -r line; do
      case $line in
        *': FAILED'*) wrong "${line%%: FAILED*}" "is not what was sealed" ;;
      esac
    done <"$work/results"
  fi
}
printf 'tagmanifest-sha256.txt\n' >"$work/listed"
compare manifest-sha256.txt data
compare tagmanifest-sha256.txt tag
sort "$work/listed" >"$work/listed-sorted"
sort "$work/there" >"$work/there-sorted"
comm -13 "$work/listed-sorted" "$work/there-sorted" >"$work/extra"
while IFS= read -r path; do
  wrong "$path" "is listed nowhere"
done <"$work/extra"
for path in bagit.txt bag-info.txt case.json custody.jsonl proof/checkpoint \
  proof/case.tlog-proof proof/policy VERIFY.txt verify.sh; do
  [ -f "$path" ] || {
    wrong "$path" "is missing"
    printf 'wrong\n'
    exit 1
  }
done
if [ $status -eq 0 ]; then good "every file is listed and is what was sealed"; fi

# --- the case names the files, the log names the case -------------------------------------------

before=$status
case_text=$(cat case.json)
case $case_text in
  *"\"manifest\":\"$(digest manifest-sha256.txt)\""*) ;;
  *) wrong manifest-sha256.txt "is not the one that case.json names" ;;
esac
for path in bagit.txt bag-info.txt proof/policy VERIFY.txt verify.sh; do
  case $case_text in
    *"{\"path\":\"$path\",\"sha256\":\"$(digest "$path")\"}"*) ;;
    *) wrong "$path" "is not the one that case.json names" ;;
  esac
done
last=$(tail -n 1 custody.jsonl)
case $last in
  *"\"digest\":\"$(digest case.json)\""*"\"item\":\"case.json\""*"\"type\":\"published\""*) ;;
  *) wrong case.json "is not what the last line of custody.jsonl publishes" ;;
esac
[ $status -ne "$before" ] || good "case.json names the files, and the log publishes it"

# --- the log --------------------------------------------------------------------------------------

mkdir "$work/nodes" "$work/leaves"
hashes() { # of the files given, in batches, in order
  while [ $# -gt 0 ]; do
    batch=0
    for file do
      batch=$((batch + 1))
      [ $batch -gt 500 ] && break
      printf '%s\n' "$file"
    done >"$work/batch"
    take=$#
    [ $take -gt 500 ] && take=500
    IFS=$newline
    # shellcheck disable=SC2046
    sha256sum $(cat "$work/batch") | cut -c1-64
    unset IFS
    shift $take
  done
}

merkle() { # the root over the leaf hashes in a file; the file is used up
  lines=$(wc -l <"$1")
  while [ "$lines" -gt 1 ]; do
    even=$((lines - lines % 2))
    head -n $even "$1" | paste -d '\0' - - | while IFS= read -r pair; do
      printf '01%s\n' "$pair"
    done | xxd -r -p | split -b 65 -a 6 - "$work/nodes/n"
    set +f
    hashes "$work"/nodes/n* >"$work/above"
    rm -f "$work"/nodes/n*
    set -f
    [ "$even" -eq "$lines" ] || tail -n 1 "$1" >>"$work/above"
    cat "$work/above" >"$1"
    lines=$(wc -l <"$1")
  done
  cat "$1"
}

entries=0
: >"$work/leaf-hashes"
set --
while IFS= read -r line || [ -n "$line" ]; do
  entries=$((entries + 1))
  printf '\000%s' "$line" >"$work/leaves/$entries"
  set -- "$@" "$work/leaves/$entries"
  if [ $# -eq 500 ]; then
    sha256sum "$@" | cut -c1-64 >>"$work/leaf-hashes"
    rm -f "$@"
    set --
  fi
done <custody.jsonl
if [ $# -gt 0 ]; then sha256sum "$@" | cut -c1-64 >>"$work/leaf-hashes"; fi
[ "$(tail -c 1 custody.jsonl | xxd -p)" = 0a ] || wrong custody.jsonl "its last line is torn"

note() { # FILE PREFIX: splits a signed note into text and signature lines
  : >"$2.text"
  : >"$2.signatures"
  part=text
  while IFS= read -r line || [ -n "$line" ]; do
    if [ -z "$line" ] && [ $part = text ]; then
      part=signatures
    elif [ $part = signatures ]; then
      case $line in
        "$dash "*) printf '%s\n' "$line" >>"$2.signatures" ;;
        *) return 1 ;;
      esac
    else
      printf '%s\n' "$line" >>"$2.text"
    fi
  done <"$1"
  [ -s "$2.signatures" ] || return 1
  {
    IFS= read -r origin
    IFS= read -r size
    IFS= read -r root
  } <"$2.text"
  root=$(hex_of "$root")
  case $size in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ ${#root} -eq 64 ]
}

key() { # name+hash+base64 KIND -> $name $hash $public
  name=${1%%+*}
  rest=${1#*+}
  hash=${rest%%+*}
  coded=$(hex_of "${rest#*+}")
  public=${coded#??}
  [ ${#coded} -eq 66 ] && [ "${coded%"$public"}" = "$2" ] || return 1
  made=$({
    printf '%s\n' "$name"
    bytes "$coded"
  } | sha256sum | cut -c1-8)
  [ "$made" = "$hash" ]
}

holds() { # PUBLIC SIGNATURE(hex) FILE
  bytes "302a300506032b6570032100$1" >"$work/public.der"
  bytes "$2" >"$work/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/public.der" -rawin -in "$3" \
    -sigfile "$work/signature" >/dev/null 2>&1
}

signed_by() { # PREFIX: whether the key in $name $hash $public signed the note as a log
  while IFS= read -r line; do
    case $line in "$dash $name "*) ;; *) continue ;; esac
    content=$(hex_of "${line#"$dash $name "}")
    [ ${#content} -eq 136 ] && [ "${content%"${content#????????}"}" = "$hash" ] || continue
    if holds "$public" "${content#????????}" "$1.text"; then return 0; fi
  done <"$1.signatures"
  return 1
}

cosigned_by() { # PREFIX: whether the key signed the checkpoint as a witness
  while IFS= read -r line; do
    case $line in "$dash $name "*) ;; *) continue ;; esac
    content=$(hex_of "${line#"$dash $name "}")
    [ ${#content} -eq 152 ] && [ "${content%"${content#????????}"}" = "$hash" ] || continue
    content=${content#????????}
    moment=${content%"${content#????????????????}"}
    {
      printf 'cosignature/v1\ntime %d\n' $((0x$moment))
      cat "$1.text"
    } >"$work/cosigned"
    if holds "$public" "${content#????????????????}" "$work/cosigned"; then return 0; fi
  done <"$1.signatures"
  return 1
}

trusted() { # PREFIX: reads the keys; sets $log, $signed, $quorum, $certificates
  log=
  signed=' '
  quorum=
  certificates=0
  pem=0
  number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in
      '-----BEGIN CERTIFICATE-----'*) pem=1 certificates=$((certificates + 1)) ;;
    esac
    if [ $pem -eq 1 ]; then
      case $line in '-----END CERTIFICATE-----'*) pem=0 ;; esac
      continue
    fi
    IFS=" $tab"
    # shellcheck disable=SC2086
    set -- "$1" $line
    unset IFS
    prefix=$1
    shift
    word=${1-}
    case $word in
      '' | '#'*) ;;
      log)
        key "${2-}" 01 || cannot "line $number of the keys: no key of a log"
        if [ -z "$log" ] && signed_by "$prefix"; then log=$name; fi
        ;;
      witness)
        key "${3-}" 04 || cannot "line $number of the keys: no key of a witness"
        if cosigned_by "$prefix"; then signed="$signed$2 "; fi
        ;;
      group)
        [ $# -ge 4 ] || cannot "line $number of the keys: no group"
        group=$2
        least=$3
        shift 3
        case $least in
          any) least=1 ;;
          all) least=$# ;;
          *[!0-9]*) cannot "line $number of the keys: no group" ;;
        esac
        for member do
          case $signed in *" $member "*) least=$((least - 1)) ;; esac
        done
        if [ $least -le 0 ]; then signed="$signed$group "; fi
        ;;
      quorum) quorum=${2-} ;;
      *) cannot "line $number of the keys: log, witness, group or quorum" ;;
    esac
    set -- "$prefix"
  done <"$work/keys"
  [ -n "$quorum" ] || cannot "the keys have no line with quorum"
}

before=$status
if note proof/checkpoint "$work/note"; then
  note_origin=$origin note_size=$size note_root=$root
  trusted "$work/note"
  if [ -z "$log" ]; then
    wrong proof/checkpoint "is signed by no log that you trust"
  elif [ "$log" != "$note_origin" ]; then
    wrong proof/checkpoint "is of another log than its key"
  fi
  case $signed in
    *" $quorum "*) ;;
    *) [ "$quorum" = none ] || wrong proof/checkpoint "too few witnesses that you trust signed it" ;;
  esac
  if [ "$entries" != "$note_size" ]; then
    wrong custody.jsonl "has $entries lines, and the checkpoint says $note_size"
  fi
  cat "$work/leaf-hashes" >"$work/row"
  if [ "$(merkle "$work/row")" != "$note_root" ]; then
    wrong custody.jsonl "is not the log that was signed"
  fi
else
  wrong proof/checkpoint "is no signed checkpoint"
  note_size=0 note_root= certificates=0
fi
[ $status -ne "$before" ] || good "the log of $note_size entries is signed by $log"

# --- the proof that the case is in the log -------------------------------------------------------

before=$status
: >"$work/rest"
line_number=0
part=head
folded=$(tail -n 1 "$work/leaf-hashes")
index=
while IFS= read -r line || [ -n "$line" ]; do
  line_number=$((line_number + 1))
  if [ $part = rest ]; then
    printf '%s\n' "$line" >>"$work/rest"
  elif [ -z "$line" ]; then
    part=rest
  elif [ $line_number -eq 1 ]; then
    [ "$line" = c2sp.org/tlog-proof@v1 ] || index=none
  elif [ $line_number -eq 2 ]; then
    index=$index${line#index }
  else
    folded=$(bytes "01$(hex_of "$line")$folded" | sha256sum | cut -c1-64)
  fi
done <proof/case.tlog-proof
if [ "$index" != $((note_size - 1)) ] || [ "$folded" != "$note_root" ] ||
  [ "$(digest "$work/rest")" != "$(digest proof/checkpoint)" ]; then
  wrong proof/case.tlog-proof "does not show that the log holds case.json"
fi
[ $status -ne "$before" ] || good "the log holds case.json"

# --- an older checkpoint -------------------------------------------------------------------------

if [ -n "$old" ]; then
  before=$status
  note "$old" "$work/older" || cannot "the old checkpoint is none"
  old_size=$size old_root=$root
  trusted "$work/older"
  [ -n "$log" ] || cannot "the old checkpoint is signed by no log that you trust"
  if [ "$old_size" -gt "$entries" ]; then
    wrong custody.jsonl "has fewer lines than the old checkpoint says: $old_size"
  elif [ "$old_size" -gt 0 ]; then
    head -n "$old_size" "$work/leaf-hashes" >"$work/row"
    [ "$(merkle "$work/row")" = "$old_root" ] ||
      wrong custody.jsonl "does not continue the log of the old checkpoint"
  fi
  [ $status -ne "$before" ] || good "the log continues the one of $old_size entries"
fi

# --- timestamps ----------------------------------------------------------------------------------

number() { # without the zeros at its beginning
  set -- "${1#0}"
  printf '%s' "${1:-0}"
}

seconds_of() { # Mon DD HH:MM:SS YYYY -> seconds since 1970
  case $1 in
    Jan) month=1 ;; Feb) month=2 ;; Mar) month=3 ;; Apr) month=4 ;; May) month=5 ;; Jun) month=6 ;;
    Jul) month=7 ;; Aug) month=8 ;; Sep) month=9 ;; Oct) month=10 ;; Nov) month=11 ;;
    *) month=12 ;;
  esac
  clock=${3%%.*}
  hour=$(number "${clock%%:*}")
  minute=${clock#*:}
  minute=$(number "${minute%%:*}")
  second=$(number "${clock##*:}")
  year=$4
  if [ $month -le 2 ]; then
    year=$((year - 1))
    month=$((month + 12))
  fi
  days=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5))
  days=$((days + $(number "$2") - 719469))
  printf '%s' $((86400 * days + 3600 * hour + 60 * minute + second))
}

before=$status
tokens=0
set +f
for token in proof/checkpoint-*.tsr; do
  [ -f "$token" ] || continue
  tokens=$((tokens + 1))
  [ $certificates -gt 0 ] || continue
  moment=
  openssl ts -reply -in "$token" -text >"$work/reply" 2>/dev/null
  while IFS= read -r line; do
    case $line in
      'Time stamp: '*)
        set -f
        # shellcheck disable=SC2086
        set -- ${line#Time stamp: }
        set +f
        moment=$(seconds_of "$@")
        stamped="$1 $2 $3 $4"
        ;;
    esac
  done <"$work/reply"
  if [ -n "$moment" ] && openssl ts -verify -data "$work/note.text" -in "$token" \
    -CAfile "$work/keys" -attime "$moment" >/dev/null 2>&1; then
    good "an authority saw the checkpoint on $stamped GMT ($token)"
  else
    wrong "$token" "is no timestamp of the checkpoint by an authority that you trust"
  fi
done
set -f
if [ $certificates -gt 0 ] && [ $tokens -eq 0 ]; then
  wrong proof "holds no timestamp, and you trust authorities for time"
elif [ $certificates -eq 0 ] && [ $tokens -gt 0 ]; then
  printf 'note   %s timestamps were not checked: the keys name no authority for time\n' $tokens
fi

if [ $status -eq 0 ]; then
  printf 'all checked\n'
else
  printf 'wrong: do not rely on this bundle\n'
fi
exit $status

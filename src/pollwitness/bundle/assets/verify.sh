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
unset CDPATH
set -f
status=0
tab=$(printf '\t')
return_sign=$(printf '\r')
dash=$(printf '\342\200\224')
newline='
'

shown() { printf '%s' "$1" | tr -c 'A-Za-z0-9._/: -' '?'; }
wrong() {
  printf 'wrong  %s: %s\n' "$(shown "$1")" "$2"
  status=1
}
good() { printf 'ok     %s\n' "$1"; }
cannot() {
  printf 'cannot be checked: %s\n' "$1" >&2
  exit 2
}
finish() {
  if [ $status -eq 0 ]; then
    printf 'all checked\n'
  else
    printf 'wrong: do not rely on this bundle\n'
  fi
  exit $status
}

[ $# -eq 1 ] || [ $# -eq 2 ] || cannot "usage: sh verify.sh KEYS [OLD-CHECKPOINT]"
for tool in sha256sum xxd openssl base64 split cut comm tr wc mktemp head tail sort uniq paste; do
  command -v "$tool" >/dev/null 2>&1 || cannot "$tool is missing"
done
work=$(mktemp -d) || cannot "no temporary folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM
cat <"$1" >"$work/keys" 2>/dev/null || cannot "the file of keys cannot be read"
old=
if [ $# -eq 2 ]; then
  old=$work/old
  cat <"$2" >"$old" 2>/dev/null || cannot "the old checkpoint cannot be read"
fi
here=${0%/*}
[ "$here" = "$0" ] && here=.
cd -- "$here" || cannot "the folder of the bundle"
if [ ! -f manifest-sha256.txt ] && [ ! -f case.json ]; then cannot "this is no bundle"; fi

digest() { sha256sum <"$1" | cut -c1-64; }
size_of() { wc -c <"$1" | tr -d ' '; }
bytes() { printf '%s' "$1" | xxd -r -p; }
joined() { paste -s -d '\0' -; }
hex_of() { # of strict Base 64; nothing if it is none
  coded_hex=$(printf '%s\n' "$1" | base64 -d 2>/dev/null | xxd -p | joined)
  if [ "$(bytes "$coded_hex" | base64 | joined)" = "$1" ]; then printf '%s' "$coded_hex"; fi
}

# --- every file is listed, and what was sealed ------------------------------------------------

plain() {
  case $1 in
    '' | /* | */ | *//* | .* | */.* | *[!A-Za-z0-9._/-]*) return 1 ;;
  esac
  [ ${#1} -le 200 ]
}
belongs() { # whether a file outside the payload is one that a bundle has
  case $1 in
    bagit.txt | bag-info.txt | manifest-sha256.txt | tagmanifest-sha256.txt | case.json) ;;
    custody.jsonl | proof/checkpoint | proof/case.tlog-proof | proof/policy) ;;
    VERIFY.txt | verify.sh | data/*) ;;
    proof/checkpoint-[1-9].tsr | proof/checkpoint-[1-9][0-9].tsr) ;;
    *) return 1 ;;
  esac
}
is_text() { # no control character but line breaks
  [ "$(tr -d '\000-\011\013-\037\177' <"$1" | wc -c | tr -d ' ')" = "$(size_of "$1")" ]
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
      if [ ! -r "$path" ] || [ ! -x "$path" ]; then cannot "the folder $path cannot be read"; fi
      walk "$path/"
    elif [ ! -f "$path" ]; then
      wrong "$path" "is no file"
    elif ! belongs "$path"; then
      wrong "$path" "is no file of a bundle"
    else
      printf '%s\n' "$path" >>"$work/there"
    fi
  done
}
: >"$work/there"
walk ""

compare() { # MANIFEST KIND LARGEST
  if [ ! -f "$1" ] || [ -L "$1" ]; then
    wrong "$1" "is missing"
    return
  fi
  if [ "$(size_of "$1")" -gt "$3" ] || ! is_text "$1"; then
    wrong "$1" "is no list of digests"
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
    if ! belongs "$path"; then
      wrong "$path" "is no file of a bundle"
    elif [ -f "$path" ] && [ ! -L "$path" ]; then
      printf '%s  ./%s\n' "$sum" "$path" >>"$work/sums"
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
        *': FAILED'*)
          line=${line%%: FAILED*}
          wrong "${line#./}" "is not what was sealed"
          ;;
      esac
    done <"$work/results"
  fi
}
printf 'tagmanifest-sha256.txt\n' >"$work/listed"
compare manifest-sha256.txt data 67108864
compare tagmanifest-sha256.txt tag 100000
sort "$work/listed" >"$work/listed-sorted"
sort "$work/there" >"$work/there-sorted"
comm -13 "$work/listed-sorted" "$work/there-sorted" >"$work/extra"
while IFS= read -r path; do
  wrong "$path" "is listed nowhere"
done <"$work/extra"
for path in bagit.txt bag-info.txt case.json custody.jsonl proof/checkpoint \
  proof/case.tlog-proof proof/policy VERIFY.txt verify.sh; do
  if [ ! -f "$path" ] || [ -L "$path" ]; then
    wrong "$path" "is missing"
    gone=1
  fi
done
[ -z "${gone-}" ] || finish
if [ $status -eq 0 ]; then good "every file is listed and is what was sealed"; fi

# --- the case names the files, the log names the case -------------------------------------------

before=$status
for path in case.json custody.jsonl proof/checkpoint proof/case.tlog-proof; do
  if ! is_text "$path"; then
    wrong "$path" "holds a control character"
    finish
  fi
done
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

note() { # FILE PREFIX: splits a signed note into text and signature lines
  : >"$2.text"
  : >"$2.signatures"
  if [ "$(size_of "$1")" -gt 1000000 ] || ! is_text "$1"; then return 1; fi
  [ "$(tail -c 1 "$1" | xxd -p)" = 0a ] || return 1
  part=text
  while IFS= read -r line; do
    if [ -z "$line" ] && [ $part = text ]; then
      part=signatures
    elif [ $part = signatures ]; then
      signer=${line#"$dash "}
      content=$(hex_of "${signer#* }")
      case ${signer%% *} in '' | *+*) return 1 ;; esac
      if [ "$signer" = "$line" ] || [ ${#content} -lt 10 ]; then return 1; fi
      printf '%s\n' "$line" >>"$2.signatures"
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
  [ ${#size} -le 15 ] && [ ${#root} -eq 64 ]
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
    case $moment in [0-7]*) ;; *) continue ;; esac
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
  logs=0
  signed=' '
  named=' none '
  grouped=' '
  publics=' '
  quorum=
  quorums=0
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
    IFS=" $tab$return_sign"
    # shellcheck disable=SC2086
    set -- "$1" $line
    unset IFS
    prefix=$1
    shift
    word=${1-}
    bad="line $number of the keys cannot be used"
    case $word in
      '' | '#'*) ;;
      log)
        key "${2-}" 01 || cannot "$bad: no key of a log"
        case $publics in *" 01$public "*) cannot "$bad: the key stands there twice" ;; esac
        publics="${publics}01$public "
        logs=$((logs + 1))
        if [ -z "$log" ] && signed_by "$prefix"; then log=$name; fi
        ;;
      witness)
        key "${3-}" 04 || cannot "$bad: no key of a witness"
        case $publics in *" 04$public "*) cannot "$bad: the key stands there twice" ;; esac
        case $named in *" $2 "*) cannot "$bad: the name is taken" ;; esac
        publics="${publics}04$public "
        named="$named$2 "
        if cosigned_by "$prefix"; then signed="$signed$2 "; fi
        ;;
      group)
        [ $# -ge 4 ] || cannot "$bad"
        group=$2
        least=$3
        shift 3
        case $named in *" $group "*) cannot "$bad: the name is taken" ;; esac
        case $least in
          any) least=1 ;;
          all) least=$# ;;
          '' | *[!0-9]* | ?????*) cannot "$bad" ;;
        esac
        if [ "$least" -lt 1 ] || [ "$least" -gt $# ]; then cannot "$bad"; fi
        for member do
          case $named in *" $member "*) ;; *) cannot "$bad: $(shown "$member")" ;; esac
          case $grouped in *" $member "*) cannot "$bad: a member twice" ;; esac
          grouped="$grouped$member "
          case $signed in *" $member "*) least=$((least - 1)) ;; esac
        done
        named="$named$group "
        if [ "$least" -le 0 ]; then signed="$signed$group "; fi
        ;;
      quorum)
        quorum=${2-}
        quorums=$((quorums + 1))
        case $named in *" $quorum "*) ;; *) cannot "$bad" ;; esac
        ;;
      *) cannot "$bad: log, witness, group or quorum" ;;
    esac
    set -- "$prefix"
  done <"$work/keys"
  [ $quorums -eq 1 ] && [ $logs -gt 0 ] || cannot "the keys need a line with log and one with quorum"
}

before=$status
entries=$(wc -l <custody.jsonl | tr -d ' ')
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
else
  wrong proof/checkpoint "is no signed checkpoint"
  finish
fi
[ "$(tail -c 1 custody.jsonl | xxd -p)" = 0a ] || wrong custody.jsonl "its last line is torn"
if [ "$entries" != "$note_size" ]; then
  wrong custody.jsonl "has $entries lines, and the checkpoint says $note_size"
fi
# What follows takes time for every line; it is done for a log that a trusted key vouches for.
[ $status -eq 0 ] || finish

entries=0
: >"$work/leaf-hashes"
set --
while IFS= read -r line; do
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
cat "$work/leaf-hashes" >"$work/row"
if [ "$(merkle "$work/row")" != "$note_root" ]; then
  wrong custody.jsonl "is not the log that was signed"
fi
[ $status -ne "$before" ] || good "the log of $note_size entries is signed by $(shown "$log")"

# --- the proof that the case is in the log -------------------------------------------------------

before=$status
: >"$work/rest"
line_number=0
part=head
folded=$(tail -n 1 "$work/leaf-hashes")
while IFS= read -r line || [ -n "$line" ]; do
  line_number=$((line_number + 1))
  if [ $part = rest ]; then
    printf '%s\n' "$line" >>"$work/rest"
  elif [ -z "$line" ]; then
    part=rest
  elif [ $line_number -eq 1 ]; then
    [ "$line" = c2sp.org/tlog-proof@v1 ] || folded=
  elif [ $line_number -eq 2 ]; then
    [ "$line" = "index $((note_size - 1))" ] || folded=
  else
    sibling=$(hex_of "$line")
    if [ ${#sibling} -eq 64 ] && [ -n "$folded" ]; then
      folded=$(bytes "01$sibling$folded" | sha256sum | cut -c1-64)
    else
      folded=
    fi
  fi
done <proof/case.tlog-proof
if [ "$folded" != "$note_root" ] || [ $line_number -lt 2 ] ||
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
[ $status -eq 0 ] || finish

# --- timestamps ----------------------------------------------------------------------------------

number() { # without the zero or space at its beginning
  set -- "${1#[0 ]}"
  printf '%s' "${1:-0}"
}

seconds_of() { # MON DD HH MM SS YYYY, all digits but the first -> seconds since 1970
  case $1 in
    Jan) month=1 ;; Feb) month=2 ;; Mar) month=3 ;; Apr) month=4 ;; May) month=5 ;; Jun) month=6 ;;
    Jul) month=7 ;; Aug) month=8 ;; Sep) month=9 ;; Oct) month=10 ;; Nov) month=11 ;;
    *) month=12 ;;
  esac
  year=$6
  if [ $month -le 2 ]; then
    year=$((year - 1))
    month=$((month + 12))
  fi
  days=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5))
  days=$((days + $(number "$2") - 719469))
  printf '%s' $((86400 * days + 3600 * $(number "$3") + 60 * $(number "$4") + $(number "$5")))
}

read_time() { # of the token alone: what stands around it in a response is signed by nobody
  moment=
  openssl ts -reply -in "$1" -token_out -out "$work/token" 2>/dev/null || return 1
  openssl ts -reply -in "$work/token" -token_in -text >"$work/reply" 2>/dev/null || return 1
  while IFS= read -r line; do
    line=${line#Time stamp: }
    case $line in
      [JFMASOND][a-z][a-z]' '[0-9\ ][0-9]' '[0-9][0-9]:[0-9][0-9]:[0-9][0-9]*' '[0-9][0-9][0-9][0-9]' GMT') ;;
      *) continue ;;
    esac
    rest=${line#??????}
    year=${line% GMT}
    year=${year##* }
    clock=${rest#?}
    clock=${clock%"${clock#????????}"}
    day=${line#????}
    day=${day%"${day#??}"}
    hour=${clock%%:*}
    minute=${clock#*:}
    minute=${minute%%:*}
    second=${clock##*:}
    case $year$hour$minute$second in *[!0-9]*) continue ;; esac
    moment=$(seconds_of "${line%"${line#???}"}" "$day" "$hour" "$minute" "$second" "$year")
    stamped="${line%"${line#??????}"} $clock $year"
    return 0
  done <"$work/reply"
  return 1
}

tokens=0
while IFS= read -r token; do
  case $token in proof/checkpoint-*.tsr) ;; *) continue ;; esac
  tokens=$((tokens + 1))
  [ "$certificates" -gt 0 ] || continue
  if [ "$(size_of "$token")" -le 100000 ] && read_time "$token" &&
    openssl ts -verify -data "$work/note.text" -in "$work/token" -token_in \
      -CAfile "$work/keys" -attime "$moment" >/dev/null 2>&1; then
    good "an authority saw the checkpoint on $stamped GMT ($token)"
  else
    wrong "$token" "is no timestamp of the checkpoint by an authority that you trust"
  fi
done <"$work/there-sorted"
if [ "$certificates" -gt 0 ] && [ $tokens -eq 0 ]; then
  wrong proof "holds no timestamp, and you trust authorities for time"
elif [ "$certificates" -eq 0 ] && [ $tokens -gt 0 ]; then
  printf 'note   %s timestamps were not checked: the keys name no authority for time\n' $tokens
fi

# --- which case this is --------------------------------------------------------------------------

if [ $status -eq 0 ]; then
  id=${case_text#*'"case":{"id":"'}
  sealed=${case_text##*'"sealed_at":"'}
  version=${case_text##*'"version":'}
  printf 'case   %s, version %s, sealed at %s\n' "$(shown "${id%%'"'*}")" \
    "$(shown "${version%?}")" "$(shown "${sealed%%'"'*}")"
fi
finish

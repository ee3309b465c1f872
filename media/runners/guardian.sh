# Ends a session's processes when the engine that owns them has gone, however it went.
#
# usage: sh guardian.sh MARKER          MARKER: the value of BACKENDAI_SESSION in the session's processes
# stdin: "+ PGID" when a process group starts, "- PGID" when it has ended, "." for a wanted end.
# At the end of stdin without a "." every listed group is killed, then (Linux) every process with the marker.
trap '' INT TERM HUP QUIT
marker=$1
groups=' '
while read -r op id; do
  case $op in
    +) groups="$groups$id " ;;
    -) case $groups in *" $id "*) groups="${groups%% "$id" *} ${groups#* "$id" }" ;; esac ;;
    .) exit 0 ;;
  esac
done
for group in $groups; do
  kill -KILL -- "-$group" 2>/dev/null
done
for environ in /proc/[0-9]*/environ; do
  if grep -qs "BACKENDAI_SESSION=$marker" "$environ"; then
    pid=${environ#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
  fi
done
exit 0

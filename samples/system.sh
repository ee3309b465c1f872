#!/bin/sh
# What a session is made of: the computer, its processors and memory, and the languages at hand.

title() { printf '\n\033[1;36m%s\033[0m\n' "$1"; }
fact() { printf '  \033[90m%-10s\033[0m %s\n' "$1" "$2"; }

title "Session"
fact "user" "$(id -un)"
fact "folder" "$PWD"
fact "system" "$(uname -srm)"

title "Resources"
fact "cores" "$(getconf _NPROCESSORS_ONLN)"
if [ -r /proc/meminfo ]; then
  fact "memory" "$(awk '/MemTotal/ { total = $2 } /MemAvailable/ { free = $2 }
    END { printf "%.1f GiB, %.1f free", total / 1048576, free / 1048576 }' /proc/meminfo)"
fi
fact "disk" "$(df -hP . | awk 'NR == 2 { print $4 " free of " $2 }')"
if command -v nvidia-smi > /dev/null; then
  fact "GPU" "$(nvidia-smi --query-gpu=name,memory.total --format=csv,noheader | paste -sd ';' -)"
fi

title "Languages"
for language in python3 node gcc go rustc java; do
  if program=$(command -v "$language"); then
    fact "$language" "$program"
  fi
done

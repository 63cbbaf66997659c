#!/bin/sh
# Run the compiled engines under AddressSanitizer and UndefinedBehaviorSanitizer: sanitize.sh [count]
# Builds into a temporary folder; the installed package is not touched.
set -eu
python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")/.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cp -r "$here/src/ticketopt" "$build/ticketopt"
cmake -S "$here" -B "$build/cmake" -DCMAKE_BUILD_TYPE=Debug -DTICKETOPT_SANITIZE=ON -DPython_EXECUTABLE="$(command -v "$python")" >/dev/null
cmake --build "$build/cmake" -j2 --target network gap text >/dev/null
cp "$build"/cmake/network.*.so "$build"/cmake/gap.*.so "$build"/cmake/text.*.so "$build/ticketopt/_core/"
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1
export LD_PRELOAD="$(g++ -print-file-name=libasan.so):$(g++ -print-file-name=libstdc++.so)"
# -S: an editable installation would come before any path
export PYTHONPATH="$build:$here:$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
run() { "$python" -S -m "$@"; }
"$python" -S -c 'import sys; from ticketopt._core import gap, network, text; assert all(m.__file__.startswith(sys.argv[1]) for m in (gap, network, text))' "$build"
run pytest -q -p no:cacheprovider "$here/tests/_core/test_text.py" "$here/tests/_core/test_text_phrases.py" "$here/tests/triage/encoders/test_wordpiece.py"
run pytest -q -p no:cacheprovider "$here/tests/_core/test_network.py" -k "limit or control or shapes or numbers or sampled or stops or without_time"
run pytest -q -p no:cacheprovider "$here/tests/solvers/test_price_guided.py" "$here/tests/solvers/test_greedy.py" \
    -k "prices or knapsacks or search or seed or wrong or start or annealing or words"
run pytest -q -p no:cacheprovider "$here/tests/solvers/gap/test_dives.py"
run tests._core.fuzz --count "${1:-3000}" --events "${2:-40}"

#!/bin/sh
# Install a hashed requirements file into a virtual environment: install.sh VENV FILE
set -eu
venv=$1 file=$2
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/uv.txt
if "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$file"; then
  exit 0
fi
echo "uv could not install $file, trying pip (slower)" >&2
exec "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$file"

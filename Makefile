# Thin words over meson and tools/. `make run` uses the product; `make test` passes every test.
DB = var/maillage.db
LISTEN = 127.0.0.1:8080

.PHONY: all setup-build run test bench fuzz tidy format peer migration clean

all: setup-build build/build.ninja
	@ninja -C build --quiet maillage

setup-build:
	@tools/setup build

build/build.ninja:
	@meson setup build --buildtype=release -Dtests=false >/dev/null && echo "* Building Maillage"

# Database, reference data, demonstration network, then the site. DB=postgresql://... for PostgreSQL.
run:
	@tools/setup run
	@$(MAKE) --no-print-directory all
	@tools/run "$(DB)" "$(LISTEN)"

# Every ring of tests; ONLY=word runs those whose name holds the word.
test:
	@tools/setup test
	@tools/run-tests $(ONLY)

bench:
	@tools/setup bench
	@$(MAKE) --no-print-directory all
	@bench/run $(ONLY)

# Fuzzes each target for SECONDS.
SECONDS = 60
fuzz:
	@tools/setup test
	@tools/run-fuzz $(SECONDS) $(ONLY)

# Compares the engines with other people's programs (R, Python, solvers).
peer:
	@tools/setup bench
	@$(MAKE) --no-print-directory all
	@tests/peer/run $(ONLY)

# clang-tidy with its analyzer over what changed since it was last clean; `make test` runs it without.
tidy:
	@tools/setup test
	@tools/run-tests static/test_tidy
	@tools/check-tidy

format:
	@git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs clang-format -i

# Writes the next numbered SQL file from the field tables: NAME says what it is for.
NAME = fields
migration: all
	@build/maillage migration --name $(NAME)

clean:
	@rm -rf build build-*

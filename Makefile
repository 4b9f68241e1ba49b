# SPDX-License-Identifier: Apache-2.0
# Souk.  `make run` and `make test` are all a fresh machine needs; the rest:
#   make                          build/souk and its plugins
#   make check                    the quick part of the tests (no browser, no strace)
#   make wire                     the tests of plugins again, each call of one encoded and decoded
#   make bench                    prints figures; nothing passes or fails by the clock
#   make install DESTDIR= PREFIX= make clean
#   SANITIZE=address,undefined    an instrumented build in a folder of its own; CC=clang CXX=clang++ too

VERSION := 0.1.0
PREFIX  ?= /usr/local
BUILD   ?= build$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))
comma   := ,

# ---- what must be on the machine: asked before anything is computed from it ------------------------
want := $(if $(filter test check wire,$(MAKECMDGOALS)),test,$(if $(filter bench,$(MAKECMDGOALS)),bench,\
          $(if $(filter run,$(MAKECMDGOALS)),run,$(if $(filter clean,$(MAKECMDGOALS)),,build))))
ifneq ($(want),)
  ifneq ($(lastword $(shell tools/packages $(want) </dev/null)),ready)
    $(error What the build needs is missing: see above)
  endif
endif

# ---- flags ------------------------------------------------------------------------------------------
PKGS      := sqlite3 libmicrohttpd inih jansson libsodium liboath libqrencode libcmark icu-i18n icu-uc zlib lua5.4 libarchive gnutls
PKG_FLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS  := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lzxcvbn

WARN   := -Wall -Wextra -Werror -Wpedantic -Wshadow -Wvla -Wundef -Wformat=2 -Wpointer-arith -Wcast-qual -Wwrite-strings
CWARN  := $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
HARDEN := -fstack-protector-strong -fcf-protection -ftrivial-auto-var-init=zero \
          $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer,-D_FORTIFY_SOURCE=2)
# clang 14 asks for a second flag before it zeroes; later ones no longer know it.
HARDEN += $(shell $(CC) --version 2>/dev/null | grep -q 'clang version 1[0-5]\.' && \
            echo -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang)
COMMON := -O2 -g -fno-common -fvisibility=hidden -MMD -MP $(HARDEN) -D_GNU_SOURCE
CFLAGS   += -std=c11 $(COMMON) $(CWARN)
CXXFLAGS += -std=c++17 $(COMMON) $(WARN) -fno-exceptions -fno-rtti
LDFLAGS  += -Wl,-z,relro,-z,now,-z,noexecstack $(if $(SANITIZE),-fsanitize=$(SANITIZE))
HOST_FLAGS := -fPIE -Ihost -Isdk $(PKG_FLAGS) -DSOUK_VERSION='"$(VERSION)"' -DSOUK_PREFIX='"$(PREFIX)"'

# ---- what there is: found, not listed -----------------------------------------------------------------
ROOMS   := $(wildcard host/*/*.c)
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out host/cli/main.c,$(ROOMS))) $(BUILD)/host/base/message.o
EMBEDS  := $(BUILD)/host/data/schema_files.o $(BUILD)/host/web/asset_files.o
PLUGIN_DIRS := $(wildcard plugins/*/*)
PLUGINS := $(foreach d,$(PLUGIN_DIRS),$(BUILD)/$(d)/$(notdir $(d)).so)
EVIL    := $(patsubst tests/sdk/plugin/%.c,$(BUILD)/tests/plugin/%.so,$(wildcard tests/sdk/plugin/*.c)) \
           $(patsubst tests/sdk/%/capsule.c,$(BUILD)/tests/plugin/capsule-%.so,$(wildcard tests/sdk/*/capsule.c)) \
           $(BUILD)/tests/gallery/gallery.so $(BUILD)/tests/gallery/text/en.res $(BUILD)/tests/gallery/text/en_XA.res
TEXTS   := $(foreach t,text $(patsubst %/text/,%/text,$(wildcard plugins/*/*/text/)),$(BUILD)/$(t)/en.res $(BUILD)/$(t)/en_XA.res)
HELPS   := $(addprefix $(BUILD)/,$(wildcard plugins/*/*/help/*.md))
UNITS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c)) \
           $(patsubst tests/sdk/%.c,$(BUILD)/tests/%,$(wildcard tests/sdk/test_*.c)) \
           $(patsubst tests/import/%.c,$(BUILD)/tests/%,$(wildcard tests/import/test_*.c))

# Short lines; V=1 shows the commands.
Q := $(if $(V),,@)
say = @$(if $(V),:,printf '  %-6s %s\n' $(1) $(2))

.PHONY: all run test check wire bench install clean
.DELETE_ON_ERROR:
all: $(BUILD)/souk $(PLUGINS) $(TEXTS) $(HELPS)

$(BUILD)/souk: $(BUILD)/host/cli/main.o $(BUILD)/host.a
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -pie -o $@ $^ $(PKG_LIBS) -ldl -lpthread

$(BUILD)/host.a: $(OBJECTS) $(EMBEDS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/host/%.o: host/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(HOST_FLAGS) -c -o $@ $<

$(BUILD)/host/%.o: host/%.cc
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(CPPFLAGS) $(CXXFLAGS) $(HOST_FLAGS) -c -o $@ $<

# ---- embedded files: the schema, and the pages' assets -------------------------------------------------
CHART := /usr/share/javascript/chart.js/chart.min.js
DRAG  := /usr/share/javascript/sortable/Sortable.min.js
$(BUILD)/host/data/schema_files.c: tools/embed $(wildcard host/data/schema/*.sql)
	@mkdir -p $(@D)
	$(call say,EMBED,$@)
	$(Q)tools/embed schema_files $(sort $(wildcard host/data/schema/*.sql)) > $@

$(BUILD)/host/web/asset_files.c: tools/embed $(wildcard host/web/asset/*) $(CHART) $(DRAG)
	@mkdir -p $(@D)
	$(call say,EMBED,$@)
	$(Q)tools/embed asset_files $(sort $(wildcard host/web/asset/*)) $(CHART) $(DRAG) > $@

$(BUILD)/host/%.o: $(BUILD)/host/%.c
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(HOST_FLAGS) -Ihost/base -c -o $@ $<

# ---- texts: English from the source, the pseudo-locale from English -------------------------------------
$(BUILD)/%/en.res: %/en.txt
	@mkdir -p $(@D)
	$(call say,TEXT,$@)
	$(Q)genrb --quiet --encoding UTF-8 -d $(@D) $<

$(BUILD)/%/en_XA.res: %/en.txt tools/pseudo
	@mkdir -p $(@D)
	$(Q)tools/pseudo $< > $(@D)/en_XA.txt
	$(call say,TEXT,$@)
	$(Q)genrb --quiet --encoding UTF-8 -d $(@D) $(@D)/en_XA.txt

# ---- help of plugins lies beside them -------------------------------------------------------------------
$(BUILD)/plugins/%.md: plugins/%.md
	@mkdir -p $(@D)
	$(Q)cp $< $@

# ---- plugins: only souk/*.h, and the libraries that a plugin's file `libs` names for pkg-config ------------
plugin_libs = $(if $(wildcard $(2)/libs),$(shell pkg-config $(1) $(shell cat $(2)/libs)))
define plugin_rule
$(BUILD)/$(1)/$(notdir $(1)).so: $(wildcard $(1)/*.c $(1)/*.h $(1)/libs)
	@mkdir -p $$(@D)
	$$(call say,PLUGIN,$$@)
	$$(Q)$$(CC) $$(CPPFLAGS) $$(CFLAGS) -fPIC -shared $$(LDFLAGS) -Isdk $$(patsubst -I%,-isystem%,$$(call plugin_libs,--cflags,$(1))) \
	    -o $$@ $$(filter %.c,$$^) $$(call plugin_libs,--libs,$(1))
endef
$(foreach d,$(PLUGIN_DIRS),$(eval $(call plugin_rule,$(d))))

$(BUILD)/tests/plugin/%.so: tests/sdk/plugin/%.c
	@mkdir -p $(@D)
	$(call say,PLUGIN,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared $(LDFLAGS) -Isdk -o $@ $<

# One widget that shows every element; its texts lie beside it, as they must.
$(BUILD)/tests/gallery/gallery.so: tests/gallery/gallery.c
	@mkdir -p $(@D)
	$(call say,PLUGIN,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared $(LDFLAGS) -Isdk -o $@ $<

# A plugin of an older SDK, with the headers of then.
$(BUILD)/tests/plugin/capsule-%.so: tests/sdk/%/capsule.c
	@mkdir -p $(@D)
	$(call say,PLUGIN,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared $(LDFLAGS) -Itests/sdk/$* -o $@ $<

# ---- tests ----------------------------------------------------------------------------------------------
TEST_LIBS = $(BUILD)/host.a $(PKG_LIBS) -lcmocka -ldl -lpthread
define test_rule
$(BUILD)/tests/test_%: tests/$(1)/test_%.c $(BUILD)/host.a
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(CC) $$(CPPFLAGS) $$(CFLAGS) $$(HOST_FLAGS) -Itests -MT $$@ -c -o $$@.o $$<
	$$(call say,LINK,$$@)
	$$(Q)$$(CXX) $$(LDFLAGS) -pie -o $$@ $$@.o $$(TEST_LIBS)
endef
$(foreach d,unit sdk import,$(eval $(call test_rule,$(d))))

check: all $(UNITS) $(EVIL)
	@BUILD=$(BUILD) tests/run quick

wire: all $(UNITS) $(EVIL)
	@BUILD=$(BUILD) SOUK_WIRE=1 tests/run plugins

test: all $(UNITS) $(EVIL)
	@BUILD=$(BUILD) tests/run all

bench: all
	@BUILD=$(BUILD) bench/run

# ---- for people -----------------------------------------------------------------------------------------
run: all
	@BUILD=$(BUILD) tools/start

install: all
	@BUILD=$(BUILD) DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) tools/install

clean:
	rm -rf build build-*

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

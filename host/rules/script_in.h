/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_in.h: what the files of the script room share with each other and with nobody else.
 *
 * script_box.c is the fence: a Lua state with limits.  script_lib.c has the functions a rule may call,
 * script_facts.c the facts it sees, script_said.c reads what it says, script_case.c its cases, and script.c
 * the files and the run.  These alone see lua.h.
 *
 * A Lua error jumps over everything up to box_call(): between two calls of Lua nothing may be held that only
 * a later line would free.  Memory comes from an arena, or is Lua's.
 */
#ifndef SOUK_SCRIPT_IN_H
#define SOUK_SCRIPT_IN_H

#include <lauxlib.h>
#include <lua.h>

#include "script.h"

/* ---- the box: a fenced state (script_box.c) ------------------------------------------------------ */

enum { BOX_TEXT_MAX = 1 << 20 };                        /* bytes of one text, and of one block of memory */
enum { BOX_FILE_MAX = 256 * 1024 };
enum box_limit { BOX_STEPS = 1, BOX_TIME, BOX_MEMORY };

struct box {
    lua_State *L;
    /* memory */
    size_t used, peak, cap, block_cap;                  /* bytes; peak since the run began */
    size_t held;                                        /* when the run began: the facts */
    unsigned refused;                                   /* blocks, since the run began */
    /* the run */
    struct script_limits limits;                        /* with the usual ones filled in */
    enum box_limit limit;                               /* which one ended the run; 0: none yet */
    bool is_running;
    int64_t steps_left, steps_all, steps_unseen;        /* unseen: since the clock was last read */
    int64_t look_ms, last_ms, began_cpu_us;             /* when to look at the processor time, and the very end */
    /* for the sentence about what went wrong */
    char place[100], calls[300], said[400];
};

int box_new(struct box **out, struct err *err);
void box_free(struct box *b);                           /* NULL is fine */
struct box *box_of(lua_State *L);

/* A run: with limits and the hook that counts.  rows: of the facts it may walk over. */
void box_begin(struct box *b, const struct script_limits *limits, size_t rows);
void box_end(struct box *b, struct script_ask *used);   /* tells what was used; NULL: nobody asks */

/*
 * Calls f with ctx as its only argument, a light userdata, on an empty stack.  Whatever goes wrong in there ends
 * here, as a sentence: ERR_TIME for limits, else ERR_PLUGIN.
 */
int box_call(struct box *b, lua_CFunction f, void *ctx, struct err *err);

/* So many steps are about to be done; does not return when there are none left. */
void box_charge(lua_State *L, int64_t steps);
/* The same without leaving: false when there are none left.  Then box_stop() ends the run. */
bool box_spend(struct box *b, int64_t steps);
int box_stop(lua_State *L);
static inline int64_t box_bytes(size_t bytes) { return (int64_t)(bytes / 16); }     /* steps for so many bytes */

/* Pushes the chunk of a file, with the table at `env` as its globals; a fault is a Lua error with file and line. */
void box_load(lua_State *L, const char *text, size_t n, const char *file, int env);

/* ---- functions for rules (script_lib.c) ------------------------------------------------------------ */

void lib_open(lua_State *L);                            /* once per state: keeps what environments are made of */
void lib_environment(lua_State *L);                     /* pushes a new one: a table of globals */

/* Sorts the list at `list` of n entries, stably; less compares two of its values on the top and pops nothing. */
void lib_sort(lua_State *L, int list, size_t n, bool (*less)(lua_State *L, int function), int function);

/* ---- facts (script_facts.c) ------------------------------------------------------------------------- */

/* Is the value at idx a fact, which nobody may change?  Then pushes the real table behind it. */
bool facts_behind(lua_State *L, int idx);
/* Pushes a table that shows the real one on the top, which it replaces, and cannot be changed. */
void facts_close(lua_State *L);
struct box *facts_box(struct script_facts *f);
bool facts_have(const struct script_facts *f, const char *name, size_t *rows);
/* Pushes the facts of one rule: those it needs, and the single values. */
void facts_push(lua_State *L, struct script_facts *f, const char *const *needs, size_t n_needs);

/* ---- what a rule says (script_said.c) ---------------------------------------------------------------- */

struct said {                                           /* all zero but for memory */
    struct arena *memory;
    struct script_say *at;
    bool *has_weight;                                   /* for cases, where what is left out is not compared */
    size_t n, cap;
};

/* Reads the suggestion in the table at idx to at[n], which the caller then counts; a fault is a Lua error. */
void said_read(lua_State *L, int idx, struct said *said);
/* As the function `say`: a closure over the said, the most it may say, and a table of keys. */
int said_closure(lua_State *L);

/* Reading any table: fields as they are, without metamethods; what does not fit is a Lua error that names the field. */
int said_field(lua_State *L, int idx, const char *name);                 /* pushes it, answers its type */
const char *said_text(lua_State *L, int idx, const char *name, size_t bytes, struct arena *a);      /* "": there is none */
const char *said_text_at(lua_State *L, int idx, const char *name, size_t bytes, struct arena *a);   /* of the value at idx */
int64_t said_whole(lua_State *L, int idx, const char *name);             /* of the value at idx */
size_t said_list(lua_State *L, int idx, const char *name, size_t most);  /* pushes it unless it is empty or absent */
void said_only(lua_State *L, int idx, const char *where, const char *const *names, size_t n);       /* no other keys */

/* ---- the folder (script.c) -------------------------------------------------------------------------- */

/* One run, or one reading, of a file: what `use` needs to find the others. */
struct source {
    struct scripts *scripts;
    struct arena *memory;                               /* texts of files live here */
    struct rule_file *used_by;                          /* NULL, or who is out of date when a used file changes */
};

/* The files <folder>/<name>.lua, sorted. */
int script_names(struct scripts *s, const char *folder, struct arena *a, const char *const **out, size_t *n, struct err *err);
/* Copies the text of a file of the folder into the source's arena; NULL with *err set. */
const char *script_text(struct source *from, const char *file, size_t *n, struct err *err);
/* Pushes what the file returned, run in a new environment; its text is in the source's arena. */
void script_load(lua_State *L, struct source *from, const char *text, size_t n, const char *file);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_box.c: a Lua state with a fence around it.
 *
 * in:     a function to call, limits
 * out:    its end, or one sentence about why it was stopped or failed, with file and line
 * knows:  Lua, clocks.  Has never heard of rules or facts.
 *
 * What holds it together:
 *   steps   A hook counts instructions, and every function of script_lib.c charges what it does, because a hook does
 *           not see inside of C.  One instruction can cost as much as the longest text, so blocks have a limit of
 *           their own.
 *   end     Once a limit is reached the hook fires at every instruction and raises again, and so does pcall: a rule
 *           that catches the error cannot go on.  What is raised is a constant, so raising needs no memory.
 *   memory  The collector is stopped.  When the budget is used up Lua collects once before it gives up, so a short
 *           run never pays for a walk over all facts, and whether a run fits depends on what it holds on to alone.
 *           Each refused block costs such a walk: after some of them the run is over.
 *   time    Is of the processor, so that a busy machine stops nobody; the wall clock ends what is ten times over it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "script_in.h"

enum { TICK = 100, LOOK_STEPS = 20000, REFUSALS = 24, WALL_TIMES = 10, CALLS_SHOWN = 3 };
static const size_t facts_bytes_max = (size_t)256 << 20;
static const struct script_limits usual = { 10000000, 100, 1000, 1000, (size_t)32 << 20 };

static const char over;                                 /* its address is what a run that is over raises */

struct box *box_of(lua_State *L)
{
    return *(struct box **)lua_getextraspace(L);
}

/* ---- where it happened ---------------------------------------------------------------------------- */

/* Keeps file and line of the innermost line of Lua, if there is one, and of those it was called from.  Allocates nothing. */
static void mark(struct box *b)
{
    lua_Debug at;
    int shown = 0;
    size_t n = 0;
    for (int level = 0; shown <= CALLS_SHOWN && lua_getstack(b->L, level, &at); level++) {
        lua_getinfo(b->L, "Sl", &at);
        if (at.currentline <= 0)
            continue;
        if (!shown++) {
            snprintf(b->place, sizeof b->place, "%s:%d", at.short_src, at.currentline);
            b->calls[0] = '\0';
        } else if (n < sizeof b->calls)
            n += (size_t)snprintf(b->calls + n, sizeof b->calls - n, "%s%s:%d", n ? ", " : "", at.short_src, at.currentline);
    }
}

/* What a rule raised, made fit for a sentence: printable, whole characters only, without a full stop at its end. */
static void keep_said(struct box *b, const char *at, size_t n)
{
    size_t to = 0;
    n = n < sizeof b->said - 1 ? n : sizeof b->said - 1;
    while (n && !utf8_is_valid(at, n) && ((unsigned char)at[n - 1] & 0x80))
        n--;                                            /* a character that the end cut, or none at all */
    bool is_text = utf8_is_valid(at, n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)at[i];
        b->said[to++] = c < 0x20 || c == 0x7F ? ' ' : c >= 0x80 && !is_text ? '?' : (char)c;
    }
    while (to && (b->said[to - 1] == '.' || b->said[to - 1] == ' '))
        to--;
    b->said[to] = '\0';
}

/* The message handler: runs where the error is, before the stack is gone. */
static int fault(lua_State *L)
{
    struct box *b = box_of(L);
    if (b->limit)
        return 1;
    mark(b);
    if (lua_type(L, 1) == LUA_TSTRING) {
        size_t n;
        const char *text = lua_tolstring(L, 1, &n);
        keep_said(b, text, n);
    } else {
        snprintf(b->said, sizeof b->said, "an error was raised that is not a text but a %s", luaL_typename(L, 1));
    }
    return 1;
}

/* "coach/stock.lua:12: ..."?  Lua begins most of what it says in this way. */
static bool has_place(const char *said)
{
    const char *at = strstr(said, ".lua:");
    return at && at - said < 80 && at[5] >= '0' && at[5] <= '9';
}

static bool is_same_file(const char *place, const char *other)
{
    size_t n = strcspn(place, ":");
    return strncmp(place, other, n + 1) == 0;
}

/* ---- limits ---------------------------------------------------------------------------------------- */

static int64_t clock_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t wall_ms(void)
{
    return clock_us(CLOCK_MONOTONIC_COARSE) / 1000;     /* as exact as is needed, and read without a system call */
}

static void tick(lua_State *L, lua_Debug *at);

static void reach(struct box *b, enum box_limit limit)
{
    if (!b->limit) {
        b->limit = limit;
        mark(b);
    }
    lua_sethook(b->L, tick, LUA_MASKCOUNT, 1);
}

static void look_at_clock(struct box *b)
{
    int64_t now = wall_ms();
    if (now < b->look_ms)
        return;
    int64_t left = b->limits.time_ms - (clock_us(CLOCK_THREAD_CPUTIME_ID) - b->began_cpu_us) / 1000;
    if (left <= 0 || now >= b->last_ms)
        reach(b, BOX_TIME);
    else
        b->look_ms = now + left < b->last_ms ? now + left : b->last_ms;
}

bool box_spend(struct box *b, int64_t steps)
{
    if (b->limit)
        return false;
    b->steps_left -= steps < INT64_MAX / 2 ? steps : INT64_MAX / 2;
    b->steps_unseen += steps < LOOK_STEPS ? steps : LOOK_STEPS;
    if (b->steps_left < 0) {
        b->steps_left = 0;
        reach(b, BOX_STEPS);
    } else if (b->steps_unseen >= LOOK_STEPS) {
        b->steps_unseen = 0;
        look_at_clock(b);
    }
    return !b->limit;
}

int box_stop(lua_State *L)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)&over);
    return lua_error(L);
}

void box_charge(lua_State *L, int64_t steps)
{
    struct box *b = box_of(L);
    if (b->is_running && !box_spend(b, steps))
        box_stop(L);
}

static void tick(lua_State *L, lua_Debug *at)
{
    struct box *b = box_of(L);
    (void)at;
    if (box_spend(b, TICK))
        look_at_clock(b);
    if (b->limit)
        box_stop(L);
}

/* ---- memory ---------------------------------------------------------------------------------------- */

/* Lua collects and asks once more, so a run may be refused that often and still be well. */
static void *refuse(struct box *b)
{
    b->refused++;
    if (!b->L)
        return NULL;
    if (b->is_running && !b->limit) {
        mark(b);
        look_at_clock(b);
        if (b->refused > REFUSALS)
            reach(b, BOX_MEMORY);
    }
    return NULL;
}

static void *allocate(void *box, void *at, size_t old, size_t bytes)
{
    struct box *b = box;
    if (!at)
        old = 0;                                        /* then it tells the type of what is made */
    if (!bytes) {
        b->used -= old;
        free(at);
        return NULL;
    }
    if (bytes > old && (bytes > b->block_cap || b->used + (bytes - old) > b->cap))
        return refuse(b);
    void *to = realloc(at, bytes);
    if (!to)
        return bytes > old ? refuse(b) : at;
    b->used += bytes - old;
    if (b->used > b->peak)
        b->peak = b->used;
    return to;
}

/* ---- a state ---------------------------------------------------------------------------------------- */

/* Outside of a run only our own functions make anything, and only facts are large. */
static void unbound(struct box *b)
{
    b->is_running = false;
    b->cap = facts_bytes_max;
    b->block_cap = SIZE_MAX;
}

static int open_inside(lua_State *L)
{
    lib_open(L);
    return 0;
}

int box_new(struct box **out, struct err *err)
{
    struct box *b = base_alloc(sizeof *b);
    unbound(b);
    b->limits = usual;
    lua_State *L = lua_newstate(allocate, b);
    if (!L) {
        box_free(b);
        return err_set(err, ERR_FULL, "There is no memory for a rule to run in.");
    }
    *(struct box **)lua_getextraspace(L) = b;
    b->L = L;
    lua_gc(L, LUA_GCSTOP);
    int rc = box_call(b, open_inside, NULL, err);
    b->held = b->used;
    if (rc < 0)
        box_free(b);
    else
        *out = b;
    return rc;
}

void box_free(struct box *b)
{
    if (b && b->L)
        lua_close(b->L);
    base_free(b);
}

/* 10,000,000; steps are many. */
static void put_grouped(struct buf *out, int64_t n)
{
    if (n >= 1000) {
        put_grouped(out, n / 1000);
        buf_printf(out, ",%03d", (int)(n % 1000));
    } else {
        buf_int(out, n);
    }
}

static const char *limit_text(const struct box *b, enum box_limit limit, char *text, size_t n)
{
    if (limit == BOX_STEPS) {
        struct buf steps = { 0 };
        put_grouped(&steps, b->steps_all);
        snprintf(text, n, "it was stopped after %s steps, which is all it may take", buf_str(&steps));
        buf_free(&steps);
    } else if (limit == BOX_TIME)
        snprintf(text, n, "it was stopped after %u ms, which is all it may take", b->limits.time_ms);
    else
        snprintf(text, n, "it was stopped because it wants more memory than %u MiB, or than 1 MiB for one text, list or depth of calls",
                 (unsigned)(b->limits.memory_bytes >> 20));
    return text;
}

/* The one sentence: "coach/stock.lua:12: what is wrong (called from coach/stock.lua:30)." */
static int sentence(const struct box *b, int status, struct err *err)
{
    char text[200];
    bool is_limit = b->limit || status == LUA_ERRMEM;
    const char *said = is_limit ? limit_text(b, b->limit ? b->limit : BOX_MEMORY, text, sizeof text) : b->said;
    if (status == LUA_ERRMEM && !b->is_running)
        return err_set(err, ERR_FULL, "The facts for the rules take more than %u MiB; give them fewer rows or columns.",
                       (unsigned)(facts_bytes_max >> 20));
    if (!*said)
        said = "it failed without a word";
    bool is_placed = !*b->place || has_place(said);
    bool is_used = *b->place && is_placed && !is_same_file(b->place, said);     /* a file of lib/ that cannot be read */
    bool has_calls = is_used || *b->calls;
    const char *end = has_calls ? ")." : text_ends(said, "?") ? "" : ".";
    return err_set(err, is_limit ? ERR_TIME : ERR_PLUGIN, "%s%s%s%s%s%s%s%s", is_placed ? "" : b->place, is_placed ? "" : ": ",
                   said, has_calls ? " (called from " : "", is_used ? b->place : "", is_used && *b->calls ? ", " : "", b->calls,
                   end);
}

int box_call(struct box *b, lua_CFunction f, void *ctx, struct err *err)
{
    lua_State *L = b->L;
    b->place[0] = b->calls[0] = b->said[0] = '\0';
    lua_pushcfunction(L, fault);                        /* none of these three needs memory */
    lua_pushcfunction(L, f);
    lua_pushlightuserdata(L, ctx);                      /* fault f ctx */
    int status = lua_pcall(L, 1, 0, 1);
    lua_settop(L, 0);
    return status == LUA_OK ? 0 : sentence(b, status, err);
}

void box_begin(struct box *b, const struct script_limits *limits, size_t rows)
{
    b->limits = usual;
    if (limits->steps)
        b->limits.steps = limits->steps;
    if (limits->steps_per_row)
        b->limits.steps_per_row = limits->steps_per_row;
    if (limits->time_ms)
        b->limits.time_ms = limits->time_ms;
    if (limits->says)
        b->limits.says = limits->says;
    if (limits->memory_bytes)
        b->limits.memory_bytes = limits->memory_bytes;
    if (b->used - b->held > b->limits.memory_bytes / 4)
        lua_gc(b->L, LUA_GCCOLLECT);                    /* what the rule before left lying about */
    b->refused = 0;
    b->limit = 0;
    b->peak = b->used;
    b->cap = b->held + b->limits.memory_bytes;
    b->block_cap = BOX_TEXT_MAX + 1024;                 /* a text, and what Lua keeps before it */
    b->steps_left = b->steps_all = b->limits.steps + b->limits.steps_per_row * (int64_t)rows;
    b->steps_unseen = 0;
    b->began_cpu_us = clock_us(CLOCK_THREAD_CPUTIME_ID);
    b->look_ms = wall_ms() + b->limits.time_ms;
    b->last_ms = wall_ms() + (int64_t)b->limits.time_ms * WALL_TIMES;
    b->is_running = true;
    lua_sethook(b->L, tick, LUA_MASKCOUNT, TICK);
}

void box_end(struct box *b, struct script_ask *used)
{
    if (used) {
        used->steps = b->steps_all - b->steps_left;
        used->memory_bytes = b->peak > b->held ? b->peak - b->held : 0;
        used->took_us = clock_us(CLOCK_THREAD_CPUTIME_ID) - b->began_cpu_us;
    }
    lua_sethook(b->L, NULL, 0, 0);
    unbound(b);
    b->limit = 0;
}

/* ---- chunks ----------------------------------------------------------------------------------------- */

static bool is_of_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Line of the word _ENV, or 0: the globals of a file are those it is given. */
static int line_of_env(const char *text, size_t n)
{
    int line = 1;
    for (size_t i = 0; i + 4 <= n; i++) {
        line += text[i] == '\n';
        if (memcmp(text + i, "_ENV", 4) == 0 && (i == 0 || !is_of_word(text[i - 1])) &&
            (i + 4 == n || !is_of_word(text[i + 4])))
            return line;
    }
    return 0;
}

void box_load(lua_State *L, const char *text, size_t n, const char *file, int env)
{
    if (n > BOX_FILE_MAX)
        luaL_error(L, "%s: it is larger than %d KiB", file, BOX_FILE_MAX / 1024);
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;                                      /* a byte order mark */
        n -= 3;
    }
    int line = line_of_env(text, n);
    if (line)
        luaL_error(L, "%s:%d: _ENV cannot be used", file, line);
    box_charge(L, (int64_t)n / 4);
    env = lua_absindex(L, env);
    const char *name = lua_pushfstring(L, "@%s", file);             /* name */
    if (luaL_loadbufferx(L, text, n, name, "t") != LUA_OK) {        /* name message */
        if (!text_starts(lua_tostring(L, -1), file))
            lua_pushfstring(L, "%s:1: %s", file, lua_tostring(L, -1));
        lua_error(L);
    }
    lua_remove(L, -2);                                              /* chunk */
    lua_pushvalue(L, env);                                          /* chunk env */
    lua_setupvalue(L, -2, 1);                                       /* chunk */
}

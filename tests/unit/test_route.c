/* SPDX-License-Identifier: Apache-2.0 */
/* test_route.c: the table of routes: every row is whole, has a name of its own and can be reached. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "web/page.h"

static void test_rows(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct route *r; (r = page_route(n)); n++) {
        bool is_post = text_is(r->method, "POST");
        if (!(is_post || text_is(r->method, "GET")) || is_post != (r->takes != 0) || !r->answer || r->pattern[0] != '/')
            fail_msg("%s %s: the row is not whole", r->method, r->pattern);
        /* What changes something is never done by a link. */
        if (strstr(r->pattern, "/do/") && !is_post)
            fail_msg("%s changes something and is read", r->pattern);
        for (size_t i = 0; i < n; i++)
            if (text_is(page_route(i)->name, r->name))
                fail_msg("two rows are called %s", r->name);
    }
    assert_true(n > 20);
}

/* Does a pattern stand for all that another one stands for? */
static bool covers(const char *wide, const char *narrow)
{
    while (*wide) {
        if (*wide == '{' && *narrow) {
            size_t n = strcspn(narrow, "/"), end = strcspn(strchr(wide, '}') + 1, "/");
            const char *ending = strchr(wide, '}') + 1;
            if (!n || n < end || strncmp(narrow + n - end, ending, end) != 0)
                return false;
            wide = ending + end;
            narrow += n;
        } else if (*wide++ != *narrow++) {
            return false;
        }
    }
    return !*narrow;
}

/* A row further down that only means what one above it means would never answer. */
static void test_reached(void **state)
{
    (void)state;
    for (size_t i = 0; page_route(i); i++)
        for (size_t k = 0; k < i; k++)
            if (text_is(page_route(k)->method, page_route(i)->method) && covers(page_route(k)->pattern, page_route(i)->pattern))
                fail_msg("%s is never reached: %s stands above it", page_route(i)->pattern, page_route(k)->pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

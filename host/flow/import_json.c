/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_json.c: imports and jobs as JSON, the same for the API, the events of pages and the command line.
 */
#include <jansson.h>

#include "jobs.h"

json_t *import_json(const struct import_result *r)
{
    json_t *checks = json_array();
    for (size_t i = 0; i < r->n_checks; i++)
        json_array_append_new(checks, json_pack("{s:s, s:s, s:I, s:I, s:I}", "settlement", r->checks[i].settlement_id,
            "currency", r->checks[i].currency, "total_minor", (json_int_t)r->checks[i].total_minor,
            "sum_minor", (json_int_t)r->checks[i].sum_minor,
            "missing_minor", (json_int_t)(r->checks[i].total_minor - r->checks[i].sum_minor)));
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:o}",
        "import", (json_int_t)r->no, "name", r->name, "format", r->format, "title", r->title, "charset", r->charset,
        "market", r->market, "rows", (json_int_t)r->rows, "accepted", (json_int_t)r->accepted,
        "unchanged", (json_int_t)r->unchanged, "rejected", (json_int_t)r->rejected, "bytes", (json_int_t)r->bytes,
        "took_ms", (json_int_t)r->took_ms, "can_undo", r->undo == UNDO_KEPT, "checks", checks);
}

json_t *job_json(const struct job *job)
{
    json_t *j = json_pack("{s:I, s:s, s:s, s:s, s:I, s:I}", "job", (json_int_t)job->no,
        "kind", job->kind == JOB_COACH ? "coach" : "import", "name", job->name, "state", job_state_word(job->state),
        "done", (json_int_t)job->done, "all", (json_int_t)job->all);
    if (job->state == JOB_DONE && job->kind == JOB_IMPORT)
        json_object_set_new(j, "result", import_json(&job->result));
    if (job->state == JOB_FAILED) {
        json_object_set_new(j, "error", json_string(err_word(job->why.code)));
        json_object_set_new(j, "text", json_string(job->why.text));
    }
    return j;
}

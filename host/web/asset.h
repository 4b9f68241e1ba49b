/* SPDX-License-Identifier: Apache-2.0 */
/* asset.h: the files built into the program, at addresses that change with their content. */
#ifndef SOUK_ASSET_H
#define SOUK_ASSET_H

#include "web/http.h"

int asset_setup(struct err *err);
const char *asset_address(const char *name);            /* "souk.css" -> "/assets/souk.1f2e3d4c.css" */
/* True when the path is an asset's; then reply holds it. */
bool asset_answer(const struct http_request *ask, struct http_reply *reply);

#endif

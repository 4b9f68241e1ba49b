/* SPDX-License-Identifier: Apache-2.0 */
/* no_entry.c: a shared object that is no plugin. */
extern __attribute__((visibility("default"))) const int souk_nothing;
const int souk_nothing = 1;

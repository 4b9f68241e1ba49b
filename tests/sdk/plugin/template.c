/* SPDX-License-Identifier: Apache-2.0 */
/* template.c: the smallest useful widget, as it is handed to others. */
#include "../../../sdk/template/widget.c"

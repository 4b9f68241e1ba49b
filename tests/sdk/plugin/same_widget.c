/* SPDX-License-Identifier: Apache-2.0 */
/* same_widget.c: a widget whose id the template has, too. */
#include <souk/widget.h>

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    (void)self, (void)call, (void)ask;
    return 0;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 11, .id = "low-stock", .title = "title", .width = 1,
    .render = render,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.same-widget", .version = "1.0.0", .title = "title",
    .offers = SOUK_LIST(offers),
};

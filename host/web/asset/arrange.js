// SPDX-License-Identifier: Apache-2.0
// Cards that are dragged to their place.  Their buttons do the same by keyboard and without this file.
"use strict";

(() => {
    const grid = () => document.querySelector(".grid.arranged");
    if (!window.Sortable || !grid())
        return;
    let sortable;
    const place = async (event) => {
        const card = event.item, next = card.nextElementSibling;
        const fields = next ? { widget: card.id, before: next.id } : { widget: card.id, by: "last" };
        const response = await fetch(grid().dataset.move, {
            method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(fields),
        }).catch(() => null);
        if (!response?.ok)
            location.reload();                              // as it is kept
    };
    const begin = () => {
        sortable?.destroy();
        sortable = new window.Sortable(grid(), { handle: "h2", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120, onEnd: place });
    };
    begin();
    document.addEventListener("souk:changed", () => sortable.el.isConnected || begin());
})();

// SPDX-License-Identifier: Apache-2.0
// Draws each chart from the table that stands beside it.  Without this file the page reads the same.
"use strict";

(() => {
    if (!window.Chart)
        return;
    const look = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const charts = [];

    const draw = (figure) => {
        const table = figure.querySelector("table");
        const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
        const rows = [...table.tBodies[0].rows];
        const said = (row, column) => rows[row].cells[column].textContent;
        const partial = rows.length - Number(figure.dataset.partial);
        const colours = [look("--bar"), look("--bar-2"), look("--bar-3"), look("--soft")];
        const stacked = figure.dataset.chart === "stacked";
        const sets = heads.slice(1).map((label, i) => ({
            label,
            data: rows.map((row) => row.cells[i + 1].dataset.v === "" ? null : Number(row.cells[i + 1].dataset.v)),
            backgroundColor: rows.map((_, r) => colours[i % 4] + (r >= partial ? "77" : "")),
            borderColor: colours[i % 4],
            borderWidth: figure.dataset.chart === "line" ? 2 : 0,
            borderRadius: 2,
            pointRadius: 0,
            tension: .25,
        }));
        figure.querySelector(".canvas").hidden = false;
        charts.push(new Chart(figure.querySelector("canvas"), {
            type: figure.dataset.chart === "line" ? "line" : "bar",
            data: { labels: rows.map((_, r) => said(r, 0)), datasets: sets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { display: sets.length > 1, labels: { color: look("--ink") } },
                    tooltip: { callbacks: { label: (at) => `${at.dataset.label}: ${said(at.dataIndex, at.datasetIndex + 1)}` } },
                },
                scales: {
                    x: { stacked, grid: { display: false }, ticks: { color: look("--soft"), maxRotation: 0, autoSkipPadding: 14 } },
                    y: { stacked, beginAtZero: true, border: { display: false }, grid: { color: look("--line") }, ticks: { color: look("--soft"), maxTicksLimit: 5 },
                         title: { display: Boolean(figure.dataset.unit), text: figure.dataset.unit, color: look("--soft") } },
                },
            },
        }));
    };

    const drawAll = () => {
        for (const chart of charts.splice(0))
            chart.destroy();
        for (const figure of document.querySelectorAll("figure[data-chart]"))
            draw(figure);
    };
    drawAll();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();

"use strict";
// Draws each <figure class="chart"> from the JSON it holds, and lets the log be filtered. What was drawn is told in data
// attributes, for tests: data-points and data-curves of a figure, data-drawn and data-failed of the document.
(function () {
  const root = document.documentElement;
  const style = getComputedStyle(root);
  const colour = (name) => style.getPropertyValue(name).trim();
  const palette = [1, 2, 3, 4, 5, 6].map((i) => colour("--curve" + i));
  let drawn = 0, failed = 0;

  function bytesText(value) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let i = 0;
    while (Math.abs(value) >= 1024 && i < units.length - 1) { value /= 1024; i++; }
    return (i === 0 ? value : value.toFixed(value >= 100 ? 0 : 1)) + " " + units[i];
  }
  function numberText(value) {
    if (value == null) return "–";
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(3) : String(+value.toPrecision(5));
  }

  // The range that shows nearly all of what is in view: single wild pixels must not flatten a spectrum.
  function usualRange(values) {
    const sorted = values.slice().sort((a, b) => a - b);
    const at = (part) => sorted[Math.round(part * (sorted.length - 1))];
    const all = [sorted[0], sorted[sorted.length - 1]];
    const inner = [at(0.01), at(0.99)];
    const span = inner[1] - inner[0];
    return [Math.max(all[0], inner[0] - 0.5 * span), Math.min(all[1], inner[1] + 0.5 * span)];
  }

  const wholeRange = (values) => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];

  function rangeOf(chart, data, u) {
    const seenPart = u.series[0].idxs || [0, chart.x.length - 1];
    let low = Infinity, high = -Infinity;
    chart.curves.forEach((curve, i) => {
      if (!u.series[1 + 3 * i].show) return;
      const seen = data[1 + 3 * i].slice(seenPart[0], seenPart[1] + 1);
      const finite = seen.filter((v) => v != null);
      if (finite.length === 0) return;
      const range = chart.y_kind === "bytes" || chart.whole ? wholeRange(finite) : usualRange(finite);
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
    });
    if (low > high) return [0, 1];
    // A line far above the curves would press them flat: it is named at the upper edge instead.
    chart.levels.forEach((level) => { if (level.value <= 5 * high) high = Math.max(high, level.value); });
    const pad = high > low ? 0.06 * (high - low) : Math.abs(high) || 1;
    return [chart.y_kind === "bytes" ? 0 : low - pad, high + pad];
  }

  function drawBands(chart, u) {
    const g = u.ctx, box = u.bbox;
    g.save();
    g.beginPath();
    g.rect(box.left, box.top, box.width, box.height);
    g.clip();
    g.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
    g.textBaseline = "middle";
    chart.bands.forEach((band, i) => {
      const left = u.valToPos(band.from, "x", true), right = u.valToPos(band.to, "x", true);
      g.fillStyle = colour(i % 2 ? "--band2" : "--band1");
      g.fillRect(left, box.top, right - left, box.height);
      if (right - left < 14 * devicePixelRatio) return;
      g.fillStyle = colour("--soft");
      g.save();
      g.translate((left + right) / 2, box.top + 6 * devicePixelRatio);
      g.rotate(Math.PI / 2);
      g.fillText(band.label, 0, 0);
      g.restore();
    });
    g.restore();
  }

  function drawLevels(chart, u) {
    const g = u.ctx, box = u.bbox;
    g.save();
    g.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
    g.textAlign = "right";
    g.fillStyle = g.strokeStyle = colour("--alarm");
    chart.levels.forEach((level) => {
      const beyond = level.value > u.scales.y.max;
      const y = beyond ? box.top + 1 : u.valToPos(level.value, "y", true);
      const text = level.label + " " + (chart.y_kind === "bytes" ? bytesText(level.value) : numberText(level.value));
      if (!beyond) {
        g.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
        g.beginPath();
        g.moveTo(box.left, y);
        g.lineTo(box.left + box.width, y);
        g.stroke();
      }
      g.textBaseline = "top";
      g.fillText(text + (beyond ? " ↑" : ""), box.left + box.width - 6 * devicePixelRatio, y + 4 * devicePixelRatio);
    });
    g.restore();
  }

  // A box that brings the values beyond the usual range into view, where there are some.
  function offerWholeRange(figure, chart, plot) {
    const beyond = chart.curves.some((curve) => {
      const finite = curve.values.filter((v) => v != null);
      if (finite.length === 0) return false;
      const usual = usualRange(finite), whole = wholeRange(finite);
      return whole[0] < usual[0] || whole[1] > usual[1];
    });
    if (!beyond || chart.y_kind === "bytes") return;
    const label = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => {
      chart.whole = box.checked;
      plot.setData(plot.data);
    });
    label.append(box, " all values");
    figure.querySelector("figcaption").append(label);
  }

  const combine = (a, b, sign) => a.map((v, i) => (v == null || b[i] == null ? null : v + sign * b[i]));

  function draw(figure) {
    const chart = JSON.parse(figure.querySelector("script").textContent);
    const data = [chart.x], series = [{ label: chart.x_label, value: (u, v) => numberText(v) }], bands = [];
    const text = chart.y_kind === "bytes" ? bytesText : numberText;
    chart.curves.forEach((curve, i) => {
      const stroke = palette[i % palette.length];
      const errors = curve.errors || curve.values.map(() => null);
      data.push(curve.values, combine(curve.values, errors, 1), combine(curve.values, errors, -1));
      series.push({ label: curve.label, stroke, width: 1.25, paths: curve.points ? () => null : undefined,
                    points: curve.points ? { show: true, size: 4 } : { show: false },
                    value: (u, v, s, k) => (v == null ? "–" : text(v) + (curve.errors && k != null && curve.errors[k] != null
                                                                  ? " ± " + text(curve.errors[k]) : "")) });
      for (let edge = 0; edge < 2; edge++) series.push({ class: "edge", stroke: "transparent", width: 0, points: { show: false } });
      bands.push({ series: [2 + 3 * i, 3 + 3 * i], fill: stroke + "30" });
    });
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    const options = {
      width: Math.max(320, figure.clientWidth), height: 320, padding: [12, 18, 0, 0], series, bands,
      scales: { x: { time: false }, y: { range: (u) => rangeOf(chart, data, u) } },
      axes: [{ ...axis, label: chart.x_label },
             { ...axis, label: chart.y_label, size: 82, values: (u, ticks) => ticks.map(text),
               ...(chart.y_kind === "bytes" ? { incrs: Array.from({ length: 40 }, (unused, i) => Math.pow(2, i)) } : {}) }],
      hooks: {
        drawClear: [(u) => drawBands(chart, u)], draw: [(u) => drawLevels(chart, u)],
        setSeries: [(u, i, change) => {
          if (i == null || change.show == null || (i - 1) % 3 !== 0) return;
          u.setSeries(i + 1, { show: change.show });
          u.setSeries(i + 2, { show: change.show });
        }],
      },
    };
    const plot = new uPlot(options, data, figure);
    addEventListener("resize", () => plot.setSize({ width: Math.max(320, figure.clientWidth), height: 320 }));
    offerWholeRange(figure, chart, plot);
    figure.dataset.points = plot.data[0].length;
    figure.dataset.curves = chart.curves.length;
    figure.dataset.bands = chart.bands.length;
  }

  function drawVisible(within) {
    within.querySelectorAll("figure.chart:not([data-points]):not([data-failed])").forEach((figure) => {
      if (figure.closest("details:not([open])")) return;
      try {
        draw(figure);
        drawn++;
      } catch (error) {
        failed++;
        figure.dataset.failed = error.message;
        console.error(error);
      }
    });
    root.dataset.drawn = drawn;
    root.dataset.failed = failed;
  }

  drawVisible(document);
  document.querySelectorAll("details").forEach((part) => part.addEventListener("toggle", () => drawVisible(part)));
  document.querySelectorAll("[data-log-level]").forEach((box) => box.addEventListener("change", () => {
    document.querySelectorAll(".log").forEach((log) => log.classList.toggle("no-" + box.dataset.logLevel, !box.checked));
  }));
})();

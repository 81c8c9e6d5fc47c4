// Draws what the page's `plots` hold: for each column the medians with their intervals, and every round as it came.
// Runs in a browser, inside the page; there is nothing else to load.
(() => {
  const place = document.getElementById("plots");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = () => ({ stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // The limit servers are grey, ours blue to green, the others warm.
  const hues = { limit: [210, 210, 210], ours: [212, 165, 265, 190], peer: [32, 14, 52, 340, 0, 88, 305] };
  const shade = (kind, at) => {
    const saturation = kind === "limit" ? 9 : 75;
    const light = (dark.matches ? 66 : 42) + (kind === "limit" ? (at - 1) * 17 : 0);
    return `hsl(${hues[kind][at % hues[kind].length]} ${saturation}% ${light}%)`;
  };
  const short = (title) => title.replace("web server on ", "").replaceAll("`", "").replace("limit with a ", "").replace(", threads reused", "").replace("thread a connection", "threads");

  function draw() {
    place.replaceChildren();
    for (const plot of plots) {
      const title = document.createElement("h3");
      title.textContent = plot.title;
      const pair = document.createElement("div");
      pair.className = "pair";
      place.append(title, pair);
      drawMedians(plot, pair);
      drawRounds(plot, pair);
    }
  }

  // A point and a whisker for each server, side by side.
  function drawMedians({ servers }, parent) {
    const whiskers = (chart) => {
      const context = chart.ctx;
      context.save();
      servers.forEach(({ kind, low, high, ratio }, at) => {
        const x = chart.valToPos(at, "x", true);
        const y = (value) => chart.valToPos(value, "y", true);
        context.strokeStyle = context.fillStyle = colour(`--${kind}`);
        context.lineWidth = 2 * devicePixelRatio;
        if (low !== null) {
          context.beginPath();
          context.moveTo(x, y(low));
          context.lineTo(x, y(high));
          context.stroke();
        }
        context.beginPath();
        context.arc(x, y(ratio), 4 * devicePixelRatio, 0, 2 * Math.PI);
        context.fill();
      });
      context.restore();
    };
    const most = Math.max(...servers.map(({ ratio, high }) => high ?? ratio));
    new uPlot(
      {
        width: Math.min(540, parent.clientWidth),
        height: 330,
        title: "multiples of the limit, median and 95 % interval",
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [-0.7, servers.length - 0.3] }, y: { range: [0, most * 1.06] } },
        axes: [
          { ...axis(), rotate: -50, size: 118, splits: () => servers.map((_, at) => at), values: () => servers.map(({ title }) => short(title)) },
          axis(),
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        hooks: { draw: [whiskers] },
      },
      [servers.map((_, at) => at), servers.map(({ ratio }) => ratio)],
      parent,
    );
  }

  // A line for each server: drift and disturbances show in all of them at once.
  function drawRounds({ servers }, parent) {
    const rounds = Math.max(0, ...servers.map((server) => server.rounds.length));
    const seen = {};
    new uPlot(
      {
        width: Math.min(540, parent.clientWidth),
        height: 330,
        title: "microseconds of CPU a request, by round",
        scales: { x: { time: false, range: [0.8, Math.max(rounds, 2) + 0.2] }, y: { range: (_, __, most) => [0, most * 1.06] } },
        axes: [{ ...axis(), incrs: [1, 2, 5, 10] }, axis()],
        series: [
          { label: "round" },
          ...servers.map(({ title, kind }) => {
            seen[kind] = (seen[kind] ?? -1) + 1;
            return {
              label: short(title),
              stroke: shade(kind, seen[kind]),
              width: 1.5,
              value: (_, value) => (value === null ? "–" : value.toFixed(1)),
            };
          }),
        ],
      },
      [Array.from({ length: rounds }, (_, round) => round + 1), ...servers.map((server) => server.rounds)],
      parent,
    );
  }

  draw();
  dark.addEventListener("change", draw);
})();

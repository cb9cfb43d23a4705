// Zooms pictures and filters sections; the page says all it has to say without this.
document.documentElement.classList.add("scripted");

for (const figure of document.querySelectorAll("figure")) {
  const svg = figure.querySelector("svg");
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = { x, y, width, height };
  const show = () =>
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  const zoom = (factor) => {
    const next = {
      width: Math.min(width, view.width * factor),
      height: Math.min(height, view.height * factor),
    };
    view = {
      ...next,
      x: Math.min(Math.max(x, view.x + (view.width - next.width) / 2), x + width - next.width),
      y: Math.min(Math.max(y, view.y + (view.height - next.height) / 2), y + height - next.height),
    };
    show();
  };
  const move = (dx, dy) => {
    view.x = Math.min(Math.max(x, view.x + dx * view.width), x + width - view.width);
    view.y = Math.min(Math.max(y, view.y + dy * view.height), y + height - view.height);
    show();
  };
  const acts = {
    "+": () => zoom(0.7),
    "−": () => zoom(1 / 0.7),
    "←": () => move(-0.2, 0),
    "→": () => move(0.2, 0),
    "↑": () => move(0, -0.2),
    "↓": () => move(0, 0.2),
  };
  const names = {
    "+": "zoom in",
    "−": "zoom out",
    "←": "left",
    "→": "right",
    "↑": "up",
    "↓": "down",
  };
  const tools = document.createElement("div");
  tools.className = "tools";
  for (const [sign, act] of Object.entries(acts)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", names[sign]);
    button.addEventListener("click", act);
    tools.append(button);
  }
  figure.append(tools);
}

const filter = document.querySelector("#filter");
filter?.addEventListener("input", () => {
  const wanted = filter.value.trim().toLowerCase();
  for (const section of document.querySelectorAll("section[data-name]")) {
    section.hidden = !section.dataset.name.toLowerCase().includes(wanted);
  }
});

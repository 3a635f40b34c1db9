/* Decides light or dark before anything is painted: the reader's choice, else the system's. Loaded in the head. */
(function () {
  "use strict";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function choice() {
    try {
      return window.localStorage.getItem("truelift-colours") || "system";
    } catch (refused) {
      return "system";
    }
  }

  function apply() {
    const chosen = choice();
    const scheme = chosen === "system" ? (system.matches ? "dark" : "light") : chosen;
    document.documentElement.setAttribute("data-bs-theme", scheme);
    document.documentElement.setAttribute("data-colours", chosen);
    return scheme;
  }

  function next() {
    const order = { system: "light", light: "dark", dark: "system" };
    try {
      window.localStorage.setItem("truelift-colours", order[choice()] || "system");
    } catch (refused) {
      return;
    }
  }

  window.trueliftColours = { apply: apply, next: next };
  apply();
  system.addEventListener("change", function () {
    const scheme = apply();
    if (window.dash_clientside && window.dash_clientside.set_props) {
      window.dash_clientside.set_props("scheme", { data: scheme });
    }
  });
})();

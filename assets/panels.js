/* Decides how small panels open and close, and that an address with a panel's name leads to that panel. */
(function () {
  "use strict";
  const INSIDE = "[data-radix-popper-content-wrapper], .dash-dropdown-content, .dash-datepicker-content, .dash-datepicker-portal";

  function shut(except) {
    document.querySelectorAll(".float.open, .pills.open").forEach(function (panel) {
      if (!except || (panel !== except && !panel.contains(except))) {
        panel.classList.remove("open");
      }
    });
    mark();
  }

  function mark() {
    document.querySelectorAll("[data-opens]").forEach(function (button) {
      const panel = document.getElementById(button.dataset.opens);
      button.setAttribute("aria-expanded", String(Boolean(panel && panel.classList.contains("open"))));
    });
    document.body.classList.toggle("sheet-open", Boolean(document.querySelector(".pills.open")));
  }

  document.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-opens]");
    const presses = event.target.closest("[data-presses]");
    const hides = event.target.closest("[data-hides]");
    if (presses) {
      document.getElementById(presses.dataset.presses).click();
    } else if (hides) {
      window.dash_clientside.set_props(hides.dataset.hides, { children: [] });
    } else if (opener) {
      const panel = document.getElementById(opener.dataset.opens);
      const open = panel.classList.contains("open");
      shut(open ? null : panel);
      panel.classList.toggle("open", !open);
      mark();
    } else if (event.target.closest(".quick-button")) {
      document.querySelectorAll(".float.open").forEach(function (panel) { panel.classList.remove("open"); });
      mark();
    } else if (event.target.isConnected && !event.target.closest(".float, .pills, " + INSIDE)) {
      shut(null);
    } else if (event.target.closest(".pills") && !event.target.closest(".float")) {
      document.querySelectorAll(".float.open").forEach(function (panel) { panel.classList.remove("open"); });
      mark();
    }
  });

  /* First in line, so that Escape in a dropdown closes the dropdown and leaves the sheet under it open. */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !document.querySelector(INSIDE)) {
      const open = document.querySelector(".float.open") || document.querySelector(".pills.open");
      if (open) {
        const opener = document.querySelector('[data-opens="' + open.id + '"]');
        open.classList.remove("open");
        mark();
        if (opener) {
          opener.focus();
        }
      }
    }
  }, true);

  /* The panel that the address names may not have been mounted yet: look for it for five seconds. */
  function lead() {
    const name = decodeURIComponent(window.location.hash.slice(1));
    if (!name) {
      return;
    }
    const until = Date.now() + 5000;
    const timer = window.setInterval(function () {
      const found = document.getElementById(name);
      const settled = found && !found.querySelector(".waiting");
      if (settled) {
        found.scrollIntoView({ block: "start" });
      }
      if (settled || Date.now() > until) {
        window.clearInterval(timer);
      }
    }, 150);
  }

  window.addEventListener("_dashprivate_pushstate", lead);
  window.addEventListener("hashchange", lead);
  window.addEventListener("load", lead);
})();

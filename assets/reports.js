/* Decides how the Reports page moves by itself: which fields of a schedule are asked for, and the way to its form. */
(function () {
  "use strict";
  const FORM = "new-schedule";
  const space = (window.dash_clientside = window.dash_clientside || {});

  /* In the order of layouts/reports_form.py: at, days, day, n, campaign, cron, length, wait; true: hidden. */
  function scheduleParts(kind, fresh) {
    const isTimed = kind !== "cron" && kind !== "on demand";
    return [
      !isTimed,
      kind !== "weekly",
      !["monthly", "quarterly", "business day"].includes(kind),
      !["after month end", "campaign end"].includes(kind),
      kind !== "campaign end",
      kind !== "cron",
      !["imported", "rows"].includes(fresh),
      !fresh,
    ];
  }

  function scheduleView(query) {
    return "/reports" + (query ? "?" + query : "") + "#" + FORM;
  }

  /* Whoever is sent to the form finds it open, with the name to be typed. The page may not have been mounted yet. */
  function lead() {
    if (window.location.hash !== "#" + FORM) {
      return;
    }
    const until = Date.now() + 5000;
    const timer = window.setInterval(function () {
      const form = document.getElementById(FORM);
      if (form) {
        form.open = true;
        const name = document.getElementById("schedule-name");
        const field = name && (name.matches("input") ? name : name.querySelector("input"));
        form.scrollIntoView({ block: "start" });
        if (field) {
          field.focus({ preventScroll: true });
        }
      }
      if (form || Date.now() > until) {
        window.clearInterval(timer);
      }
    }, 100);
  }

  /* Asked again, the same hash is no change. */
  document.addEventListener("click", function (event) {
    if (event.target.closest('a[href$="#' + FORM + '"]')) {
      document.querySelectorAll(".float.open").forEach(function (panel) { panel.classList.remove("open"); });
      window.setTimeout(lead, 50);
    }
    if (event.target.closest('#report-make')) {
      window.setTimeout(shut, 50);
    }
  });

  /* The menu goes once its report is under way; a refusal stays in sight. */
  function shut() {
    const until = Date.now() + 4000;
    const timer = window.setInterval(function () {
      const refused = document.querySelector("#report-refused > *");
      const begun = document.querySelector("#report-panel .report-card");
      if (begun && !refused) {
        document.getElementById("report-menu").classList.remove("open");
        document.getElementById("report-more").setAttribute("aria-expanded", "false");
      }
      if (begun || refused || Date.now() > until) {
        window.clearInterval(timer);
      }
    }, 100);
  }

  window.addEventListener("_dashprivate_pushstate", lead);
  window.addEventListener("hashchange", lead);
  window.addEventListener("load", lead);

  space.truelift = Object.assign(space.truelift || {}, { scheduleParts: scheduleParts, scheduleView: scheduleView });
})();

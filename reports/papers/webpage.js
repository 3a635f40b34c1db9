/* Decides what the reader of a report can do: charts are drawn when they come near, tables are sorted by their heads,
   everything is open and light while it is printed. Nothing is fetched, nothing is kept. */
(function () {
  "use strict";

  const known = JSON.parse(document.getElementById("figures").textContent);
  const places = Array.from(document.querySelectorAll(".picture"));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const config = { displayModeBar: false, displaylogo: false, responsive: true, doubleClick: false };

  function draw(place, scheme) {
    const figure = window.dash_clientside.truelift.dress(known.figures[place.id], scheme || "", known.template);
    place.dataset.drawn = "yes";
    return window.Plotly.react(place, figure.data, figure.layout, config);
  }

  function near(seen, watcher) {
    seen.forEach(function (entry) {
      if (entry.isIntersecting) {
        watcher.unobserve(entry.target);
        draw(entry.target);
      }
    });
  }

  const watcher = new IntersectionObserver(near, { rootMargin: "1200px" });
  places.forEach(function (place) {
    watcher.observe(place);
  });

  dark.addEventListener("change", function () {
    places.forEach(function (place) {
      if (place.dataset.drawn) {
        draw(place);
      }
    });
  });

  /* Paper is light and shows every table. */
  let shut = [];
  window.addEventListener("beforeprint", function () {
    shut = Array.from(document.querySelectorAll("details:not([open])"));
    shut.forEach(function (item) {
      item.open = true;
    });
    places.forEach(function (place) {
      draw(place, "light");
    });
  });
  window.addEventListener("afterprint", function () {
    shut.forEach(function (item) {
      item.open = false;
    });
    places.forEach(function (place) {
      draw(place);
    });
  });

  /* A cell's worth: its number, its day, else its text; what cannot be computed goes last. */
  function worth(cell, kind) {
    const text = cell.textContent.replace(/^[▲▼] /, "");
    if (text === "–") {
      return null;
    }
    if (kind === "date") {
      return Date.parse(text);
    }
    return kind === "number" ? Number(text.replace("−", "-").replace(/[^\d.-]/g, "")) : text.toLowerCase();
  }

  function sort(head) {
    const table = head.closest("table");
    const body = table.tBodies[0];
    const place = head.cellIndex;
    const up = head.getAttribute("aria-sort") === "descending" || (head.dataset.kind === "text" && !head.hasAttribute("aria-sort"));
    const rows = Array.from(body.rows).map(function (row) {
      return { row: row, worth: worth(row.cells[place], head.dataset.kind) };
    });
    rows.sort(function (one, other) {
      if (one.worth === null || other.worth === null) {
        return (one.worth === null) - (other.worth === null);
      }
      const order = one.worth < other.worth ? -1 : one.worth > other.worth ? 1 : 0;
      return up ? order : -order;
    });
    table.querySelectorAll("[aria-sort]").forEach(function (other) {
      other.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.forEach(function (item) {
      body.appendChild(item.row);
    });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("th button");
    if (button) {
      sort(button.closest("th"));
    }
  });

  /* An address within the report may lead into a table that is shut. */
  function lead() {
    const found = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const shutIn = found && found.closest("details");
    if (shutIn) {
      shutIn.open = true;
    }
  }
  window.addEventListener("hashchange", lead);
  lead();
})();

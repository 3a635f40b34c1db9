/* Decides what the browser does by itself: links that carry the filters, colours, copying the address, picks. */
(function () {
  "use strict";
  const space = (window.dash_clientside = window.dash_clientside || {});
  const skip = function () {
    return window.dash_clientside.no_update;
  };

  /* Every link of the header keeps the filters; the open tab is marked for eyes and for readers. */
  function links(query, path, ids) {
    const tail = query ? "?" + query : "";
    /* Said on the body and not by :has(), which would style the whole page anew at every change in it. */
    const unfiltered = ["/import", "/reports"].includes(path) || !ids.some(function (id) { return id.path === path; });
    document.body.dataset.open = path;
    document.body.toggleAttribute("data-unfiltered", unfiltered);
    ids.forEach(function (id) {
      const link = document.getElementById(JSON.stringify(id, Object.keys(id).sort()));
      if (link) {
        link.toggleAttribute("aria-current", id.path === path);
        if (id.path === path) {
          link.setAttribute("aria-current", "page");
          document.title = link.textContent + " · TrueLift";
          link.scrollIntoView({ block: "nearest", inline: "center" });
        }
      }
    });
    return [
      ids.map(function (id) { return id.path + tail; }),
      ids.map(function (id) { return id.path === path; }),
    ];
  }

  function scheme(clicks) {
    if (clicks) {
      window.trueliftColours.next();
    }
    return window.trueliftColours.apply();
  }

  function copy(clicks) {
    if (!clicks) {
      return skip();
    }
    const back = function () {
      window.setTimeout(function () {
        window.dash_clientside.set_props("copy", { children: "Copy link" });
      }, 2000);
    };
    if (!navigator.clipboard) {
      return "Copy it from the address bar";
    }
    return navigator.clipboard.writeText(window.location.href).then(
      function () { back(); return "Copied"; },
      function () { back(); return "Copy it from the address bar"; }
    );
  }

  /* A click on a mark whose picture names what it stands for (layout.meta), or on an influencer's row, narrows to it. */
  function pick(clicked, cells, rows) {
    const fired = window.dash_clientside.callback_context.triggered[0];
    if (!fired || !fired.value) {
      return skip();
    }
    if (fired.prop_id.endsWith(".clickData")) {
      const point = (fired.value.points || [])[0] || {};
      const graph = document.getElementById(fired.prop_id.slice(0, -".clickData".length));
      const plot = graph && graph.querySelector(".js-plotly-plot");
      const meta = (plot && plot.layout && plot.layout.meta) || {};
      const value = (meta.values || [])[point.pointNumber];
      return value === undefined || value === null ? skip() : stamped(meta.dimension, value);
    }
    const place = cells.indexOf(fired.value);
    const row = ((rows || [])[place] || [])[Number(fired.value.rowId)];
    return row && row.influencer_id ? stamped("influencer", row.influencer_id) : skip();
  }

  function stamped(dimension, value) {
    return { dimension: dimension, value: String(value), at: Date.now() };
  }

  space.truelift = Object.assign(space.truelift || {}, { links: links, scheme: scheme, copy: copy, pick: pick });
})();

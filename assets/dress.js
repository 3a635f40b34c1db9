/* Decides how the browser dresses a figure: as theme.dress does, with the colours of the sheet that is showing,
   so that light and dark change places without the server.

   dash_clientside.truelift.dress(spec, scheme, template)
     spec      figure with roles ("--accent") for colours; null or undefined gives a figure that shows nothing
     scheme    "light" or "dark"; anything else means what the page shows now
     template  theme.SCREEN, roles too */

(function () {
  "use strict";

  const known = {};

  /* A probe under the scheme's attribute, so that it does not matter whether the page has been switched yet. */
  function reader(scheme) {
    const probe = document.createElement("span");
    const named = scheme === "light" || scheme === "dark";
    if (named) {
      probe.setAttribute("data-bs-theme", scheme);
    }
    probe.hidden = true;
    document.body.appendChild(probe);
    const style = window.getComputedStyle(probe);
    const colours = named ? (known[scheme] = known[scheme] || {}) : {};
    return {
      colour: function (role) {
        if (!colours[role]) {
          colours[role] = style.getPropertyValue(role).trim();
        }
        return colours[role] || role;
      },
      close: function () {
        probe.remove();
      },
    };
  }

  /* A deep copy with the roles under colour keys replaced: a name that looks like a role stays a name. */
  function coloured(item, colour, here) {
    if (Array.isArray(item)) {
      return item.map(function (value) {
        return coloured(value, colour, here);
      });
    }
    if (item !== null && typeof item === "object" && !ArrayBuffer.isView(item)) {
      const copy = {};
      Object.keys(item).forEach(function (key) {
        copy[key] = coloured(item[key], colour, here || key.includes("color"));
      });
      return copy;
    }
    return here && typeof item === "string" && item.startsWith("--") ? colour(item) : item;
  }

  function nothing() {
    return { data: [], layout: { xaxis: { visible: false }, yaxis: { visible: false } } };
  }

  function dress(spec, scheme, template) {
    const figure = spec || nothing();
    const layout = Object.assign({ uirevision: "truelift" }, figure.layout, { template: template || {} });
    const sheet = reader(scheme);
    try {
      return coloured(Object.assign({}, figure, { layout: layout }), sheet.colour, false);
    } finally {
      sheet.close();
    }
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.truelift = Object.assign(window.dash_clientside.truelift || {}, { dress: dress });
})();

/* Decides how the forms of planning move by themselves: a slider and its number, when a wish is at rest, and which
   fields of a declaration are asked for. */
(function () {
  "use strict";
  const REST_MS = 250;
  const space = (window.dash_clientside = window.dash_clientside || {});
  let timer = null;
  let drop = null;

  function skip() {
    return window.dash_clientside.no_update;
  }

  /* The stop nearest to a number, as shares go: 90 lies nearer to 100 than to 80. No number is the stop of none. */
  function nearest(stops, number) {
    if (number === null || number === undefined || number === "") {
      return Math.max(stops.indexOf(null), 0);
    }
    let best = 0;
    stops.forEach(function (stop, place) {
      const far = function (one) { return one === null ? Infinity : Math.abs(Math.log((one + 1) / (number + 1))); };
      best = far(stop) < far(stops[best]) ? place : best;
    });
    return best;
  }

  /* A reader hears the stop, not its place. */
  function told(id, stop) {
    const slider = document.getElementById(id);
    if (slider) {
      slider.setAttribute("aria-valuetext", stop === null ? "not said" : String(stop));
    }
  }

  function slide(place, number, stops) {
    const context = window.dash_clientside.callback_context;
    const id = context.outputs_list[0].id;
    const own = stops[id.slice("slide-".length)];
    const fired = context.triggered[0];
    if (fired && context.triggered.length === 1 && fired.prop_id === id + ".value") {
      told(id, own[Number(place)]);
      return [skip(), own[Number(place)]];
    }
    const near = nearest(own, number);
    told(id, number === undefined ? null : number);
    return [Number(place) === near ? skip() : near, skip()];
  }

  /* The first wish at once, every later one when nothing has moved for a while; one that was overtaken is dropped. */
  function wish() {
    const given = {};
    window.dash_clientside.callback_context.inputs_list.forEach(function (input) {
      given[input.id.slice("plan-".length)] = input.value === undefined ? null : input.value;
    });
    window.clearTimeout(timer);
    if (drop) {
      drop(skip());
    }
    return new Promise(function (done) {
      drop = done;
      timer = window.setTimeout(function () {
        drop = null;
        done(given);
      }, timer === null ? 0 : REST_MS);
    });
  }

  /* Sizes are asked of customers, lists of those who list, a number of looks of those who plan several. */
  function asks(unit, arms, looks) {
    return [unit !== "customer", arms !== "listed", looks !== "planned"];
  }

  space.truelift = Object.assign(space.truelift || {}, { slide: slide, wish: wish, asks: asks });
})();

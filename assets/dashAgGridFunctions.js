/* Decides how a table's cell is written and judged: by what the server wrote beside the number. */
(function () {
  "use strict";
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

  functions.written = function (params) {
    const texts = params.data && params.data.written;
    const text = texts && texts[params.colDef.field];
    return text === undefined ? "–" : text;
  };

  functions.dressed = function (params) {
    const judged = (params.data && params.data.judged) || {};
    const classes = params.colDef.headerClass ? ["ag-right-aligned-cell"] : [];
    return judged[params.colDef.field] ? classes.concat(judged[params.colDef.field]) : classes;
  };
})();

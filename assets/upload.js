/* Decides how files travel: dropped files and folders, one form each to /upload with its progress shown, then the batch
   to the page. Also that links leave an old page for good once other data are loaded. */
(function () {
  "use strict";
  const MOST_ENTRIES = 2000;
  let queue = Promise.resolve();
  let asked = 0;

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className || "";
    made.textContent = text || "";
    return made;
  }

  function say(drop, text, bad) {
    const line = drop.querySelector(".drop-says");
    line.textContent = text;
    line.classList.toggle("bad", Boolean(bad));
  }

  function sized(bytes) {
    const units = ["bytes", "KB", "MB", "GB"];
    let place = 0;
    while (bytes >= 1024 && place < units.length - 1) {
      bytes /= 1024;
      place += 1;
    }
    return (place && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)) + " " + units[place];
  }

  /* One line of the list: name, size, bar, what became of it. */
  function line(drop, file) {
    const item = element("li", "sending-file");
    const bar = element("progress", "");
    const state = element("span", "sending-state", "waiting");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", "Sending " + file.name);
    item.append(element("span", "sending-name", file.name), element("span", "muted", sized(file.size)), bar, state);
    drop.querySelector(".sending").append(item);
    return {
      share: function (value) {
        bar.value = value;
        state.textContent = Math.floor(100 * value) + " %";
      },
      end: function (text, bad) {
        bar.remove();
        state.textContent = text;
        item.classList.toggle("bad", Boolean(bad));
        item.classList.add("over");
      },
    };
  }

  function readable(drop, name) {
    return drop.dataset.accept.split(",").some(function (ending) {
      return name.toLowerCase().endsWith(ending);
    });
  }

  function send(drop, file, shown) {
    return new Promise(function (done) {
      const form = new FormData();
      const call = new XMLHttpRequest();
      const batch = drop.batch ? "?batch=" + encodeURIComponent(drop.batch) : "";
      form.append("files", file, file.name);
      call.open("POST", "/upload" + batch);
      call.responseType = "json";
      call.upload.addEventListener("progress", function (event) {
        if (event.lengthComputable) {
          shown.share(event.loaded / event.total);
        }
      });
      call.addEventListener("load", function () {
        const answer = call.response || {};
        const good = call.status === 200 && answer.ok;
        shown.end(good ? "here" : answer.error || "This file was not taken. Try it again.", !good);
        done(good ? answer : null);
      });
      call.addEventListener("error", function () {
        shown.end("It did not arrive. Check that TrueLift is still running, then drop it again.", true);
        done(null);
      });
      shown.share(0);
      call.send(form);
    });
  }

  /* Files go one after another; the page is told when the last of them has come. */
  function take(drop, files, skipped) {
    const list = Array.from(files).filter(function (file) { return readable(drop, file.name); });
    const left = files.length - list.length + (skipped || 0);
    say(drop, left ? left + (left === 1 ? " file was" : " files were") + " left out: bring CSV, Excel (.xlsx) or JSON." : "", left);
    const large = list.filter(function (file) { return file.size > Number(drop.dataset.limit); });
    const lines = list.map(function (file) { return line(drop, file); });
    asked += list.length;
    list.forEach(function (file, place) {
      queue = queue.then(function () {
        if (large.includes(file)) {
          lines[place].end("Larger than " + drop.dataset.size + ": use ./truelift import.", true);
          return null;
        }
        return send(drop, file, lines[place]);
      }).then(function (answer) {
        asked -= 1;
        if (answer) {
          drop.batch = answer.id;
          drop.files = answer.files;
          drop.fresh = true;
        }
        if (asked === 0 && drop.fresh) {
          drop.fresh = false;
          tidy(drop);
          window.dash_clientside.set_props(drop.dataset.drop, { data: { id: drop.batch, files: drop.files, at: Date.now() } });
        }
      });
    });
  }

  /* What has come is listed by the page itself: only what went wrong stays here. */
  function tidy(drop) {
    drop.querySelectorAll(".sending-file.over:not(.bad)").forEach(function (item) { item.remove(); });
    drop.classList.add("small");
  }

  function choose(drop, folder) {
    const field = document.createElement("input");
    field.type = "file";
    field.multiple = true;
    field.webkitdirectory = folder;
    if (!folder) {
      field.accept = drop.dataset.accept;
    }
    field.addEventListener("change", function () { begin(drop, Array.from(field.files), folder); });
    field.click();
  }

  /* Of a folder only the files that can be read are meant; of files that were picked one by one, all. */
  function begin(drop, files, folder) {
    drop.querySelectorAll(".sending-file.over").forEach(function (item) { item.remove(); });
    const meant = folder ? files.filter(function (file) { return readable(drop, file.name) && !file.name.startsWith("."); }) : files;
    if (!meant.length) {
      say(drop, "There is no CSV, Excel (.xlsx) or JSON file in it.", true);
      return;
    }
    take(drop, meant);
  }

  /* All files under the dropped entries; entries have to be asked for before the event is over. */
  function walk(entries) {
    const found = [];
    let seen = 0;
    function visit(entry) {
      seen += 1;
      if (!entry || seen > MOST_ENTRIES) {
        return Promise.resolve();
      }
      if (entry.isFile) {
        return new Promise(function (done) {
          entry.file(function (file) { found.push(file); done(); }, done);
        });
      }
      const reader = entry.createReader();
      return new Promise(function (done) {
        (function more() {
          reader.readEntries(function (batch) {
            if (!batch.length) {
              done();
              return;
            }
            Promise.all(batch.map(visit)).then(more);
          }, done);
        })();
      });
    }
    return Promise.all(entries.map(visit)).then(function () { return found; });
  }

  function dropped(drop, transfer) {
    const entries = Array.from(transfer.items || []).map(function (item) {
      return item.webkitGetAsEntry ? item.webkitGetAsEntry() : null;
    }).filter(Boolean);
    const folder = entries.some(function (entry) { return entry.isDirectory; });
    if (folder) {
      walk(entries).then(function (files) { begin(drop, files, true); });
    } else {
      begin(drop, Array.from(transfer.files), false);
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-chooses]");
    const drop = button && button.closest("[data-drop]");
    if (drop) {
      choose(drop, button.dataset.chooses === "folder");
    }
  });

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const drop = document.querySelector("[data-drop]");
      if (!drop) {
        return;
      }
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") {
        dropped(drop, event.dataTransfer);
      }
    });
  });

  /* The batch of the drop follows the page's: null after an import or when its last file was taken out. */
  function follow(upload) {
    const drop = document.querySelector("[data-drop]");
    if (drop && !upload) {
      drop.batch = "";
      drop.classList.remove("small");
    }
  }

  /* When the page's own questions find nobody there, that is said; the next answer takes it away. */
  function lost(text) {
    document.querySelectorAll(".lost-says").forEach(function (place) {
      place.textContent = text;
    });
  }

  const plain = window.fetch;
  window.fetch = function () {
    return plain.apply(this, arguments).then(function (answer) {
      lost("");
      return answer;
    }, function (error) {
      if (error.name !== "AbortError") {
        lost("TrueLift does not answer, so nothing was done. Check that it is still running, then press again.");
      }
      throw error;
    });
  };

  /* Once other data are loaded, filters and figures of this page are old: the next page is asked for as a whole. */
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href^='/']");
    if (link && !link.hasAttribute("download") && document.querySelector("[data-renewed]")) {
      event.stopPropagation();
    }
  }, true);

  const space = (window.dash_clientside = window.dash_clientside || {});
  space.truelift = Object.assign(space.truelift || {}, { followBatch: follow });
})();

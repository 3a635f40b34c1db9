/* Decides how files travel: one form to /upload with its progress shown, then the upload's id to the page. */
(function () {
  "use strict";

  function say(drop, text, bad) {
    const line = drop.querySelector(".drop-progress");
    line.textContent = text;
    line.classList.toggle("bad", Boolean(bad));
  }

  function send(drop, files) {
    if (!files.length) {
      return;
    }
    const form = new FormData();
    Array.from(files).forEach(function (file) { form.append("files", file, file.name); });
    const call = new XMLHttpRequest();
    call.open("POST", "/upload");
    call.responseType = "json";
    call.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) {
        say(drop, "Sending " + Math.floor((100 * event.loaded) / event.total) + " %");
      }
    });
    call.addEventListener("load", function () {
      const answer = call.response || {};
      if (call.status === 200 && answer.ok) {
        say(drop, answer.files.join(", "));
        window.dash_clientside.set_props(drop.dataset.drop, { data: { id: answer.id, files: answer.files } });
      } else {
        say(drop, answer.error || "The files were not taken. Try again with fewer.", true);
      }
    });
    call.addEventListener("error", function () {
      say(drop, "The files did not arrive. Check that TrueLift is still running, then try again.", true);
    });
    say(drop, "Sending 0 %");
    call.send(form);
  }

  function choose(drop) {
    const field = document.createElement("input");
    field.type = "file";
    field.multiple = true;
    field.accept = drop.dataset.accept;
    field.addEventListener("change", function () { send(drop, field.files); });
    field.click();
  }

  document.addEventListener("click", function (event) {
    const drop = event.target.closest("[data-drop]");
    if (drop && event.target.closest("[data-chooses]")) {
      choose(drop);
    }
  });

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const drop = event.target.closest ? event.target.closest("[data-drop]") : null;
      const anywhere = document.querySelector("[data-drop]");
      if (!anywhere) {
        return;
      }
      event.preventDefault();
      anywhere.classList.toggle("over", kind === "dragover" && Boolean(drop));
      if (kind === "drop" && drop) {
        send(drop, event.dataTransfer.files);
      }
    });
  });
})();

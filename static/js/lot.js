/* Répondre à plusieurs demandes ensemble : combien sont cochées, dit à qui regarde et à qui écoute. */
(function () {
  "use strict";

  var form = document.getElementById("lot");
  if (!form) return;
  var status = form.querySelector("[role=status]");
  var buttons = form.querySelectorAll("button[data-plusieurs]");

  function words(node, count) {
    if (!count) return node.dataset.aucune;
    return count === 1 ? node.dataset.une : node.dataset.plusieurs.replace("#", count);
  }

  function show() {
    var count = document.querySelectorAll('input[name="demande"]:checked').length;
    status.textContent = words(status, count);
    buttons.forEach(function (button) {
      button.disabled = !count;
      button.querySelector("span").textContent = words(button, count);
    });
  }

  document.addEventListener("change", function (event) {
    if (event.target.name === "demande") show();
  });
  window.addEventListener("pageshow", show);
})();

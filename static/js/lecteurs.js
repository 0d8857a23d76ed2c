/* « Qui pourra le lire ? » : les communes ou les réseaux à cocher n'apparaissent qu'avec la réponse qui les demande. */
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var block = event.target.closest("[data-qui]");
    if (!block || event.target.name !== "qui") return;
    block.querySelectorAll("[data-si]").forEach(function (part) { part.hidden = part.dataset.si !== event.target.value; });
  });
})();

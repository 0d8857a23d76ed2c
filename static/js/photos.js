/* Une photo en grand : les flèches passent à ses voisines, Échap revient à la grille. Sans ce fichier, les liens suffisent. */
(function () {
  "use strict";
  var WAYS = { ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]', Escape: "[data-retour]" };
  var BUSY = "input, textarea, select, .dropdown-menu, [aria-expanded=true]";

  if (!document.querySelector("[data-zoom]")) return;
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest(BUSY)) return;
    var link = WAYS[event.key] && document.querySelector(WAYS[event.key]);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();

/* Apparence : clair, sombre ou auto. Chargé dans <head> sans defer, pour que la page n'apparaisse jamais dans l'autre couleur. */
(function () {
  "use strict";
  var media = window.matchMedia("(prefers-color-scheme: dark)");
  function stored() {
    try { return localStorage.getItem("ec-theme") || "auto"; } catch (e) { return "auto"; }
  }
  function apply(choice) {
    var dark = choice === "dark" || (choice === "auto" && media.matches);
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
    document.querySelectorAll("[data-theme]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === choice));
    });
  }
  apply(stored());
  media.addEventListener("change", function () { apply(stored()); });
  window.addEventListener("storage", function (event) { if (event.key === "ec-theme") apply(stored()); });
  /* Le papier est toujours clair. */
  window.addEventListener("beforeprint", function () { document.documentElement.setAttribute("data-bs-theme", "light"); });
  window.addEventListener("afterprint", function () { apply(stored()); });
  document.addEventListener("DOMContentLoaded", function () {
    apply(stored());
    document.addEventListener("click", function (event) {
      var button = event.target.closest("[data-theme]");
      if (!button) return;
      try { localStorage.setItem("ec-theme", button.dataset.theme); } catch (e) { /* stockage refusé : le choix vaut pour cette page */ }
      apply(button.dataset.theme);
    });
  });
})();

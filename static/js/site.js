/* Ce que HTML et Bootstrap ne savent pas faire seuls. Chaque page marche sans ce fichier. */
(function () {
  "use strict";

  /* Une adresse qui finit par #onglet ouvre cet onglet. */
  function openTab() {
    if (!location.hash || !window.bootstrap) return;
    document.querySelectorAll('[data-bs-toggle="tab"]').forEach(function (button) {
      if (button.dataset.bsTarget === location.hash) window.bootstrap.Tab.getOrCreateInstance(button).show();
    });
  }
  document.addEventListener("DOMContentLoaded", openTab);
  window.addEventListener("hashchange", openTab);

  /* Fenêtre de confirmation : le focus va au choix prudent. */
  document.addEventListener("shown.bs.modal", function (event) {
    var careful = event.target.querySelector("[data-focus]");
    if (careful) careful.focus();
  });

  /* Résumé d'erreurs : il reçoit le focus, à l'affichage de la page comme après un échange htmx. */
  function focusErrors(root) {
    var summary = root.querySelector(".ec-errors:not(.ec-demo *)");
    if (summary) summary.focus();
  }
  document.addEventListener("DOMContentLoaded", function () { focusErrors(document); });
  document.addEventListener("htmx:afterSettle", function (event) { focusErrors(event.target); });

  /* Retour en arrière sur une page que htmx avait changée : on la redemande entière, une fois que le navigateur est
     revenu à la hauteur où on l'avait quittée. */
  document.addEventListener("htmx:historyCacheMiss", function (event) {
    event.preventDefault();
    window.setTimeout(function () { location.reload(); }, 50);
  });

  /* Qui part, ou n'est pas encore entré, ne laisse rien de ses recherches sur un poste partagé (recherche.js). */
  if (document.body.matches(".ec-login")) {
    try { localStorage.removeItem("ec-recherches"); } catch (error) { /* rien n'était gardé */ }
  }

  /* Les états des lieux gardés sur l'appareil (constat.js) : oubliés au bout de sept jours, et de qui se déconnecte. */
  function forgetConstats(stale) {
    var known = {}, gone = [];
    try { known = JSON.parse(localStorage.getItem("ec-constats") || "{}"); } catch (error) { /* rien n'était gardé */ }
    Object.keys(known).forEach(function (account) {
      if (!stale(account, known[account])) return;
      delete known[account];
      gone.push(new Promise(function (done) {
        var asked = window.indexedDB.deleteDatabase("ec-constats-" + account);
        asked.onsuccess = asked.onerror = asked.onblocked = done;
      }));
    });
    if (gone.length) localStorage.setItem("ec-constats", JSON.stringify(known));
    return Promise.all(gone);
  }
  forgetConstats(function (account, last) { return Date.now() - last > 7 * 24 * 3600 * 1000; });
  document.addEventListener("submit", function (event) {
    var account = event.target.dataset.deconnexion;
    if (!account) return;
    event.preventDefault();
    /* Ce que les modèles à remplir ont gardé dans l'onglet (remplir.js). */
    Object.keys(sessionStorage).forEach(function (key) {
      if (key.indexOf("ec-remplir-") === 0) sessionStorage.removeItem(key);
    });
    forgetConstats(function (one) { return one === account; }).finally(function () { event.target.submit(); });
  });

  /* Une vignette de filtre ouverte en tiroir se referme quand ses résultats sont demandés. */
  document.addEventListener("submit", function (event) {
    var drawer = event.target.closest(".offcanvas-lg.show, .offcanvas.show");
    if (drawer && window.bootstrap) window.bootstrap.Offcanvas.getOrCreateInstance(drawer).hide();
  });
})();

/* Ouvrir une notification la marque comme lue : la page l'écrit elle-même, puisque lire une adresse n'écrit rien. Sans
   ce fichier, le bouton le fait. */
(function () {
  "use strict";

  function markRead(event) {
    var link = event.target.closest(".ec-notif.is-new .ec-title-link");
    var form = link && link.closest(".ec-notif").querySelector("form[data-lire]");
    if (!form || (event.type === "auxclick" && event.button !== 1)) return;
    /* keepalive : la demande finit même si la page est déjà partie. */
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, headers: { "HX-Request": "true" } });
  }

  /* Une ligne archivée s'en va : le focus passe à sa voisine, jamais en haut de la page. */
  var neighbour = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var line = event.detail.target;
    neighbour = line.matches(".ec-notif") ? line.nextElementSibling || line.previousElementSibling : null;
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (document.activeElement !== document.body) return;
    var button = neighbour && neighbour.isConnected && neighbour.querySelector(".ec-iconbtn");
    (button || document.getElementById("contenu")).focus();
  });

  document.addEventListener("click", markRead);
  document.addEventListener("auxclick", markRead);
})();

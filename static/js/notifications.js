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

  document.addEventListener("click", markRead);
  document.addEventListener("auxclick", markRead);
})();

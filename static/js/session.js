/* Avant la fin de la session, on prévient et on propose de rester. Le temps qui reste est celui du serveur :
   un autre onglet a pu le prolonger, ou fermer la session. */
(function () {
  "use strict";
  var WARN = 180; /* secondes avant la fin */
  var box, modal, address, token, timer;

  function show(left, longest) {
    var minutes = Math.max(1, Math.round(left / 60));
    var last = longest <= left + 1;
    box.querySelector("[data-reste]").textContent = minutes === 1 ? "une minute" : minutes + " minutes";
    box.querySelector("[data-prolonger]").hidden = last;
    box.querySelector("[data-derniere]").hidden = !last;
    modal.show();
  }

  function over() {
    box.querySelector("[data-avant]").hidden = true;
    box.querySelector("[data-apres]").hidden = false;
    box.setAttribute("aria-labelledby", "session-fermee-t");
    box.setAttribute("aria-describedby", "session-fermee-d");
    box.querySelector("[data-prolonger]").removeAttribute("data-focus");
    box.querySelector("[data-revenir]").setAttribute("data-focus", "");
    modal.show();
  }

  async function ask(method) {
    var headers = method === "POST" ? { "X-CSRFToken": token } : { "X-Sans-Activite": "1" };
    headers.Accept = "application/json";
    var answer = await fetch(address, { method: method, headers: headers, redirect: "manual" });
    if (!answer.ok) return { reste: 0, au_plus: 0 };
    return answer.json();
  }

  async function check() {
    var session;
    try {
      session = await ask("GET");
    } catch (error) {
      return wait(60); /* réseau coupé : on redemandera */
    }
    if (session.reste <= 0) return over();
    if (session.reste <= WARN) {
      show(session.reste, session.au_plus);
      return wait(session.reste);
    }
    modal.hide();
    wait(session.reste - WARN);
  }

  function wait(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, Math.max(1, seconds) * 1000);
  }

  document.addEventListener("DOMContentLoaded", function () {
    box = document.getElementById("fin-de-session");
    if (!box || !window.bootstrap) return;
    modal = window.bootstrap.Modal.getOrCreateInstance(box);
    address = box.dataset.url;
    token = box.querySelector('input[name="csrfmiddlewaretoken"]').value;
    box.querySelector("[data-prolonger]").addEventListener("click", async function () {
      var session = await ask("POST");
      modal.hide();
      if (session.reste > 0) wait(session.reste - WARN); else over();
    });
    wait(Number(box.dataset.secondes) - WARN);
  });
})();

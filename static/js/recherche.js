/* La recherche : suggestions pendant la frappe (combobox ARIA 1.2), Ctrl+K, filtres qui s'appliquent d'eux-mêmes,
   dernières recherches de ce navigateur, et ce que la page dit d'elle-même. Chaque page marche sans ce fichier. */
(function () {
  "use strict";
  var LETTERS = 2; /* avant, une suggestion ne dirait rien */
  var PAUSE = 120; /* ms sans frappe avant de demander */
  var KEPT = 5;
  var STORE = "ec-recherches";

  /* 1. Les suggestions d'une boîte ------------------------------------------------------------- */
  function combobox(form) {
    var input = form.querySelector('input[type="search"]');
    var list = form.querySelector('[role="listbox"]');
    var status = form.querySelector("[data-annonce]");
    var timer, request, shown = "", current = null;

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-describedby", input.id + "-aide");
    input.setAttribute("aria-keyshortcuts", "Control+K");

    function options() { return Array.prototype.slice.call(list.querySelectorAll('[role="option"]')); }

    function choose(option) {
      if (current) current.setAttribute("aria-selected", "false");
      current = option || null;
      if (!current) return input.removeAttribute("aria-activedescendant");
      current.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    }

    function close() {
      window.clearTimeout(timer);
      if (request) request.abort();
      choose(null);
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      status.textContent = "";
    }

    function open(html) {
      choose(null);
      list.innerHTML = html;
      var found = options();
      if (!found.length) return close();
      /* Deux boîtes peuvent être sur la page : un identifiant n'y est qu'une fois. */
      found.forEach(function (option) { option.id = list.id + "-" + option.id; });
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      status.textContent = found.length === 1 ? "Une suggestion." : found.length + " suggestions.";
    }

    async function ask() {
      var text = input.value.trim();
      if (request) request.abort();
      if (text.length < LETTERS) { shown = ""; return close(); }
      if (input.value === shown && !list.hidden) return;
      var mine = request = new AbortController();
      try {
        var answer = await fetch(form.dataset.suggestions + "?q=" + encodeURIComponent(input.value.slice(0, 200)), {
          signal: mine.signal, redirect: "manual",
        });
        var html = answer.ok ? await answer.text() : "";
        /* Une réponse en retard, ou une boîte quittée entre-temps : rien ne doit s'ouvrir. */
        if (mine !== request || document.activeElement !== input) return;
        shown = input.value;
        open(html);
      } catch (error) { /* demande remplacée, ou réseau coupé : la boîte reste un simple champ */ }
    }

    function move(step) {
      var found = options(), at = found.indexOf(current);
      /* Une ligne de plus que la liste : le champ lui-même. */
      var next = (at + 1 + step + found.length + 1) % (found.length + 1) - 1;
      choose(next < 0 ? null : found[next]);
    }

    input.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      var up = event.key === "ArrowUp", down = event.key === "ArrowDown";
      if (list.hidden) {
        if (down && input.value.trim().length >= LETTERS) { event.preventDefault(); ask(); }
        return;
      }
      if (up || down) move(down ? 1 : -1);
      else if (event.key === "Escape") close();
      else if (current && event.key === "Home") choose(options()[0]);
      else if (current && event.key === "End") choose(options().pop());
      else if (current && event.key === "Enter") current.click();
      else return event.key === "Tab" && close();
      event.preventDefault();
    });
    /* Le doigt ou la souris sur une ligne ne quitte pas le champ avant d'avoir suivi le lien. */
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    /* Retour en arrière : la page revient comme avant la frappe. */
    window.addEventListener("pageshow", close);
  }

  document.querySelectorAll("form[data-suggestions]").forEach(combobox);

  /* 2. Ctrl+K (ou ⌘K) va à la boîte, d'où que l'on soit ------------------------------------------ */
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    var input = document.querySelector('form[data-suggestions] input[type="search"]');
    if (!input || document.querySelector(".modal.show")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  /* 3. Les filtres s'appliquent dès qu'on les coche ; dans le tiroir du téléphone, par le bouton ------- */
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-auto]");
    if (form && !form.closest(".offcanvas-lg.show")) form.requestSubmit();
  });
  /* Une page, un onglet ou un filtre retiré : le lien suivi n'est plus là, le focus va au titre des résultats. */
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target && event.detail.target.id !== "resultats") return;
    var title = document.getElementById("h-resultats");
    if (title && document.activeElement === document.body) title.focus({ preventScroll: true });
    remember();
  });

  /* 4. Les dernières recherches, gardées par ce navigateur pour ce compte ; site.js les oublie au départ --- */
  function read() {
    try { return JSON.parse(localStorage.getItem(STORE)) || {}; } catch (error) { return {}; }
  }

  function write(kept) {
    try { localStorage.setItem(STORE, JSON.stringify(kept)); } catch (error) { /* navigation privée : rien à garder */ }
  }

  function forget() {
    try { localStorage.removeItem(STORE); } catch (error) { /* rien n'était gardé */ }
  }

  function recent(account) {
    var kept = read();
    return kept.de === account && Array.isArray(kept.mots) ? kept.mots : [];
  }

  function show() {
    var box = document.querySelector("[data-recentes]");
    if (!box) return;
    var words = recent(box.dataset.compte), list = box.querySelector("ul"), line = box.querySelector("template");
    list.replaceChildren.apply(list, words.map(function (text) {
      var item = line.content.cloneNode(true);
      item.querySelector("a").href = box.dataset.recentes + "?q=" + encodeURIComponent(text);
      item.querySelector("span").textContent = text;
      return item;
    }));
    box.hidden = !words.length;
  }

  function remember() {
    var search = document.getElementById("recherche-suivi");
    if (!search || !search.dataset.compte) return; /* la boîte d'un espace ne cherche pas partout */
    var text = search.dataset.requete, account = search.dataset.compte;
    var others = recent(account).filter(function (one) { return one !== text; });
    write({ de: account, mots: [text].concat(others).slice(0, KEPT) });
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-recentes] button")) return;
    forget();
    show();
    document.querySelector('form[data-suggestions] input[type="search"]').focus();
  });
  show();
  remember();

  /* 5. Lire n'écrit rien : la page envoie elle-même ce que les statistiques comptent, sans la personne ------- */
  function tell(act) {
    var form = document.getElementById("recherche-suivi");
    if (!form) return;
    var body = new FormData(form);
    if (act) body.append("suite", "1");
    fetch(form.action, { method: "POST", body: body, keepalive: true, redirect: "manual" }).catch(function () {});
  }

  function counts() {
    var form = document.getElementById("recherche-suivi");
    var way = performance.getEntriesByType("navigation")[0];
    /* Revenir ou recharger n'est pas chercher de nouveau. */
    return form && "noter" in form.dataset && (!way || way.type === "navigate");
  }

  if (counts()) tell();
  function followed(event) {
    if (event.type === "auxclick" && event.button !== 1) return;
    if (event.target.closest("[data-resultat] a")) tell("suite");
  }
  document.addEventListener("click", followed);
  document.addEventListener("auxclick", followed);
})();

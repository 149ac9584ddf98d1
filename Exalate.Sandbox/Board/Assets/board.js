// Brings the page up to date while nobody types, so that a person sees a sync arrive.
(() => {
  const every = 2000;
  const main = () => document.querySelector('main');
  let typed = false;
  document.addEventListener('input', () => { typed = true; });
  document.addEventListener('change', (event) => {
    const field = event.target;
    if (field.matches('[data-submit]')) field.form.requestSubmit();
    if (field.matches('[data-types]')) {
      const type = field.form.querySelector('[name=type]');
      const before = type.value;
      const types = field.selectedOptions[0].dataset.types.split('|');
      type.replaceChildren(...types.map((name) => new Option(name, name, false, name === before)));
    }
  });

  const busy = () => typed
    || document.hidden
    || document.activeElement?.matches('input, textarea, select');

  const refresh = async () => {
    const shown = main().dataset.version;
    if (!shown || busy()) return;
    const version = await (await fetch('/board/version')).text();
    if (version === shown || busy()) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    if (busy()) return;
    document.title = page.title;
    main().replaceWith(page.querySelector('main'));
  };

  const loop = () => setTimeout(() => refresh().catch(() => { /* the sandbox is away; the next turn tries again */ }).finally(loop), every);
  loop();
})();

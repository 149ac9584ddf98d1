// What the console needs in the browser beyond Blazor. Kept in a file of its own: the content security policy allows no inline script.
(() => {
  const openers = new Map();
  const inputs = 'input:not([disabled]):not([type=hidden]), textarea:not([disabled]), select:not([disabled])';
  const pressables = 'a[href], button:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';
  let copied = Promise.resolve(false);

  const themeMedia = theme => ({
    light: theme === 'light' ? 'all' : theme === 'dark' ? 'not all' : '(prefers-color-scheme: light)',
    dark: theme === 'dark' ? 'all' : theme === 'light' ? 'not all' : '(prefers-color-scheme: dark)',
  });

  // Where the keyboard goes back to, best first: when one dialog follows another, what opened the second is gone with the first, and what opened the first is still there.
  const waysBack = () => {
    const active = document.activeElement;
    const inside = active?.closest('.exalate-dialog')?.id;
    const before = openers.get(inside) ?? (active === document.body ? [...openers.values()].pop() : undefined);
    return [active, ...(before ?? [])];
  };

  const focusable = container => [...container.querySelectorAll(`${inputs}, ${pressables}`)]
    .filter(element => element.getClientRects().length > 0 && element.tabIndex >= 0);

  // In the click itself: later, after a round trip to the server, some browsers refuse. Without a secure context there is no clipboard API.
  const copyFrom = async field => {
    const text = field.value ?? field.textContent;
    try {
      if (navigator.clipboard && window.isSecureContext) {
        await navigator.clipboard.writeText(text);
        field.select?.();
        return true;
      }
    } catch {
      // Refused by the person or by a policy: the old way may still be allowed.
    }
    field.focus();
    field.select?.();
    return document.execCommand('copy');
  };

  window.exalate = {
    // 'light', 'dark' or 'auto'; kept for a year, for every console of this host.
    setTheme(theme) {
      document.cookie = `exalate-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
      document.documentElement.dataset.theme = theme;
      const media = themeMedia(theme);
      document.querySelectorAll('link[data-theme-of]').forEach(link => { link.media = media[link.dataset.themeOf]; });
      document.querySelector('meta[name=color-scheme]').content = theme === 'auto' ? 'light dark' : theme;
    },
    getTheme: () => document.documentElement.dataset.theme || 'auto',
    isDark() {
      const theme = window.exalate.getTheme();
      return theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
    },
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,

    wasCopied: () => copied,
    focus: id => document.getElementById(id)?.focus(),
    focusFirst(id) {
      const container = document.getElementById(id);
      if (!container) return;
      const body = container.querySelector('.exalate-dialog-body') ?? container;
      const first = body.querySelector('[data-exalate-first]') ?? [...body.querySelectorAll(inputs)].find(input => input.type !== 'radio' || input.checked)
        ?? body.querySelector(inputs) ?? focusable(body)[0] ?? container;
      first.focus();
    },
    // The keyboard stays inside while the dialog is open and goes back to where it came from.
    openDialog(id) {
      const dialog = document.getElementById(id);
      if (!dialog) return;
      openers.set(id, waysBack());
      document.documentElement.classList.add('exalate-has-dialog');
      requestAnimationFrame(() => { if (!dialog.contains(document.activeElement)) window.exalate.focusFirst(id); });
    },
    closeDialog(id) {
      const back = openers.get(id) ?? [];
      openers.delete(id);
      if (openers.size === 0) document.documentElement.classList.remove('exalate-has-dialog');
      const left = [...document.querySelectorAll('.exalate-dialog')].filter(other => other.id !== id).pop();
      // A dialog that took this one's place, or lies below it, keeps the keyboard.
      const still = back.find(element => element.isConnected && element !== document.body && (!left || left.contains(element)));
      if (still) still.focus();
      else if (!left) document.querySelector('h1')?.focus();
      else if (!left.contains(document.activeElement)) window.exalate.focusFirst(left.id);
    },

    // Drafts live as long as the tab; a browser that refuses storage just keeps none.
    keepDraft(key, json) {
      try { sessionStorage.setItem(key, json); } catch { /* full or forbidden */ }
    },
    readDraft(key) {
      try { return sessionStorage.getItem(key); } catch { return null; }
    },
    dropDraft(key) {
      try { sessionStorage.removeItem(key); } catch { /* forbidden */ }
    },
  };

  // Capture: the copy must start before Blazor hears of the click.
  document.addEventListener('click', event => {
    const copy = event.target.closest('[data-exalate-copy]');
    const field = copy && document.getElementById(copy.dataset.exalateCopy);
    if (field) copied = copyFrom(field);
  }, true);

  document.addEventListener('click', event => {
    const action = event.target.closest('[data-exalate]')?.dataset.exalate;
    if (action === 'reload') location.reload();
    if (action === 'reconnect') Blazor.reconnect().then(back => { if (!back) location.reload(); }, () => {});
  });

  // Attempts that failed while the node was away are over once it is back: nothing of the page went wrong.
  const reconnect = document.getElementById('components-reconnect-modal');
  if (reconnect) {
    new MutationObserver(() => {
      if (reconnect.classList.contains('components-reconnect-hide')) document.getElementById('blazor-error-ui').style.display = 'none';
    }).observe(reconnect, { attributes: true, attributeFilter: ['class'] });
  }

  // A code that is there to be copied stands selected whenever the keyboard comes to it.
  document.addEventListener('focusin', event => { if (event.target.matches?.('[data-exalate-select]')) event.target.select(); });

  // A press elsewhere closes an open menu.
  document.addEventListener('pointerdown', event => {
    document.querySelectorAll('[data-exalate-menu][aria-expanded=true]').forEach(button => {
      if (!button.parentElement.contains(event.target)) button.click();
    });
    // The keyboard stays in the dialog when someone presses beside it.
    if (event.target.classList?.contains('exalate-dialog-mask')) event.preventDefault();
  });

  const keepInside = (dialog, event) => {
    const stops = focusable(dialog);
    if (stops.length === 0) return;
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement !== edge && dialog.contains(document.activeElement) && document.activeElement !== dialog) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  };

  document.addEventListener('keydown', event => {
    const target = event.target;
    const inList = target.matches?.('[role=combobox][aria-expanded=true]');
    const inMenu = target.closest?.('[role=menu]') || target.matches?.('[data-exalate-menu]');
    if (inList && ['Enter', 'ArrowDown', 'ArrowUp', 'Escape'].includes(event.key)) {
      // Enter chooses and Escape closes the list; neither is meant for the dialog around it.
      event.preventDefault();
      return;
    }
    if (inMenu && ['ArrowDown', 'ArrowUp'].includes(event.key)) event.preventDefault();
    if (event.key === 'Enter' && !event.shiftKey && target.matches?.('[data-exalate-enter]')) {
      event.preventDefault();
      target.form?.querySelector('button[type=submit]:not([disabled])')?.click();
    }
    const dialogs = document.querySelectorAll('.exalate-dialog');
    const top = dialogs[dialogs.length - 1];
    if (!top || inMenu) return;
    if (event.key === 'Escape' && !target.closest?.('[data-exalate-tip]')) {
      event.preventDefault();
      top.querySelector('[data-exalate-close]')?.click();
    }
    if (event.key === 'Tab') keepInside(top, event);
  });
})();

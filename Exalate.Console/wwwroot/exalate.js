// What the console needs in the browser beyond Blazor. Kept in a file of its own: the content security policy allows no inline script.
window.exalate = {
  // 'light', 'dark' or 'auto'; kept for a year, for every console of this host.
  setTheme(theme) {
    document.cookie = `exalate-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    document.documentElement.dataset.theme = theme;
    const media = {
      light: theme === 'light' ? 'all' : theme === 'dark' ? 'not all' : '(prefers-color-scheme: light)',
      dark: theme === 'dark' ? 'all' : theme === 'light' ? 'not all' : '(prefers-color-scheme: dark)',
    };
    document.querySelectorAll('link[data-theme-of]').forEach(link => { link.media = media[link.dataset.themeOf]; });
    document.querySelector('meta[name=color-scheme]').content = theme === 'auto' ? 'light dark' : theme;
  },
  getTheme() {
    return document.documentElement.dataset.theme || 'auto';
  },
  // True when the text went to the clipboard. Without a secure context there is none: the caller selects the text instead.
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  },
  // Selects the whole text of a field so that Ctrl-C takes it.
  select(element) {
    element?.focus();
    element?.select?.();
  },
};

document.addEventListener('click', event => {
  const action = event.target.closest('[data-exalate]')?.dataset.exalate;
  if (action === 'reload') location.reload();
  if (action === 'reconnect') Blazor.reconnect().then(back => { if (!back) location.reload(); }, () => {});
});

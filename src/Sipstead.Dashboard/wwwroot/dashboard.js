// What Blazor cannot do from the server. No other script is loaded from here.
window.sipsteadDashboard = (() => {
  const modeKey = 'sipstead-mode';
  const prefersDark = () => {
    const kept = localStorage.getItem(modeKey);
    return kept === null ? window.matchMedia('(prefers-color-scheme: dark)').matches : kept === 'dark';
  };
  document.documentElement.dataset.mode = prefersDark() ? 'dark' : 'light';
  return {
    facts: () => ({
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
      offsetMinutes: new Date().getTimezoneOffset(),
      isDark: prefersDark(),
    }),
    rememberMode: dark => {
      localStorage.setItem(modeKey, dark ? 'dark' : 'light');
      document.documentElement.dataset.mode = dark ? 'dark' : 'light';
    },
    copy: async text => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return copyBySelection(text); // the clipboard API is for secure origins only
      }
    },
  };

  function copyBySelection(text) {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.appendChild(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
})();

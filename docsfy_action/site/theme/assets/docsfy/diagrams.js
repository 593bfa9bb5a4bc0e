/* Stands in for Mermaid until a diagram is drawn, so that Material does not fetch it from another host. The real script
   (mermaid.min.js beside this file) is loaded on first use; where it cannot be, diagrams stay readable as text. */
(() => {
  const source = new URL("mermaid.min.js", document.currentScript.src).href;
  let options;
  let loading;

  const real = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => {
        const mermaid = window.mermaid;
        window.mermaid = standIn;
        mermaid.initialize({ ...options, securityLevel: "strict" });
        resolve(mermaid);
      };
      script.onerror = () => reject(new Error("cannot load " + source));
      document.head.append(script);
    });
    return loading;
  };

  const standIn = {
    initialize(given) {
      options = given;
    },
    render(...parts) {
      return real().then((mermaid) => mermaid.render(...parts));
    },
  };
  window.mermaid = standIn;
})();

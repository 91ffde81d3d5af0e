// The rules of our scripts beside what tsc checks.
import js from "@eslint/js";

export default [
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    rules: {
      "no-undef": "off", // tsc knows it better
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", 300],
      "max-len": ["error", 160],
    },
  },
];

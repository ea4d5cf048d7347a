"""The words of signing in and of accounts."""

from enum import Enum

from dashboard.text import Language


class Told(Enum):
    """A word of the pages at /sign-in and /account as (Chinese, English)."""

    SIGN_IN = ("登录", "Sign in")
    SIGN_OUT = ("退出登录", "Sign out")
    ACCOUNT = ("我的账号", "My account")
    NAME = ("用户名", "User name")
    PASSWORD = ("密码", "Password")
    WRONG = ("用户名或密码不对。", "The user name or the password is wrong.")
    WAIT = (
        "尝试次数过多，请 {}后再试。",
        "This was tried too often. Try again in {}.",
    )
    LONG_FORM = ("提交的内容过长。", "What was sent is too long.")
    HELP = ("忘记密码请联系管理员。", "If you forgot your password, ask an administrator.")
    MUST_CHANGE = (
        "这是一次性密码，请先设置您自己的密码。",
        "This password works once. Choose your own to go on.",
    )
    CHANGE_PASSWORD = ("修改密码", "Change password")
    OLD_PASSWORD = ("当前密码", "Current password")
    NEW_PASSWORD = ("新密码", "New password")
    NEW_AGAIN = ("再输入一次新密码", "New password again")
    PASSWORD_NOTE = (
        "至少 10 个字符。修改后，其他浏览器中的登录全部失效。",
        "At least 10 characters. Every other browser is signed out by it.",
    )
    CHANGE = ("修改", "Change")
    WRONG_OLD = ("当前密码不对。", "The current password is wrong.")
    NOT_THE_SAME = ("两次输入的新密码不一致。", "The new passwords differ.")
    SAME_AS_OLD = ("新密码与当前密码相同。", "The new password is the current one.")
    PASSWORD_CHANGED = ("密码已修改。", "The password was changed.")
    ENDED = ("登录已失效。", "Signed out there.")
    SHUT_OUT = ("账号已停用。", "The account is disabled.")
    LET_IN = ("账号已启用。", "The account is enabled.")
    NOT_DONE = ("没有执行：已不存在。", "Nothing was done: it is no longer there.")
    ROLES = ("角色", "Roles")
    NO_ROLES = ("没有角色", "no roles")
    SESSIONS = ("已登录的浏览器", "Signed-in browsers")
    ALL_SESSIONS = ("全部登录", "All sessions")
    BROWSER = ("浏览器", "Browser")
    HOST = ("地址", "Address")
    SINCE = ("登录于", "Since")
    SEEN = ("最近使用", "Last used")
    THIS_ONE = ("当前", "this one")
    END = ("使其退出", "Sign out")
    END_OTHERS = ("退出其他所有浏览器", "Sign out everywhere else")
    ACCOUNTS = ("全部账号", "All accounts")
    ACCOUNTS_NOTE = (
        "新建账号、重设密码、修改角色，请在服务器上运行 app.py account。",
        "To add accounts, reset passwords or change roles, run app.py account on the server.",
    )
    STATE = ("状态", "State")
    ENABLED = ("启用", "enabled")
    DISABLED = ("停用", "disabled")
    UNCHANGED = ("未改一次性密码", "one-time password not changed yet")
    DISABLE = ("停用", "Disable")
    ENABLE = ("启用", "Enable")
    BACK = ("返回首页", "Back to today")

    def of(self, language: Language) -> str:
        """The word in `language`."""
        chinese, english = self.value
        return str(chinese if language == "zh" else english)

    def fill(self, language: Language, *parts: object) -> str:
        """The word in `language` with its places `{}` filled in."""
        return self.of(language).format(*parts)

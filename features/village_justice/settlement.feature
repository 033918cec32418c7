Feature: What neighbours settle before the Lupon
  It binds like a judgment once ten days have gone by in silence, and the village sees to it for six months.

  Background:
    Given it is Friday 7 June 2024, 09:00
    And Asha and Bram settled before the Pangkat on Wednesday 10 July 2024, 09:00

  Rule: sworn - it is repudiated within ten days, for fraud, violence or intimidation, under oath
    Scenario: The last day
      When it becomes Saturday 20 July 2024, 23:59
      Then the case is "Settled, may be repudiated"
      And the deadline "Repudiation" is Saturday 20 July 2024

    Scenario: Without an oath
      Given it has become Friday 19 July 2024, 10:00
      When Bram repudiates it for violence without an oath
      Then it is refused under "sworn"
      And the case is "Settled, may be repudiated"

    Scenario: Sworn on the last day
      Given it has become Saturday 20 July 2024, 16:00
      When Bram repudiates it for violence under oath
      Then the case is "Not settled, the way to court is open"

    Scenario: A change of mind
      Given it has become Friday 19 July 2024, 10:00
      When Bram repudiates it for regret under oath
      Then it is refused because it "fraud, violence, intimidation"

    Scenario: One day late
      Given it has become Sunday 21 July 2024, 00:00
      When Bram repudiates it for violence under oath
      Then it is refused because it "Final, to be complied with"

  Rule: repudiation - silence makes it final
    @live
    Scenario: Ten days of silence
      When it becomes Sunday 21 July 2024, 00:00
      Then the case is "Final, to be complied with"
      And the audit trail dates "Settlement becomes final" to Saturday 20 July 2024
      And Asha and Bram have the "Notice that it is final"

  Rule: transmit - the secretary sends it to the court within five days
    Scenario: From the day it is final
      When it becomes Sunday 21 July 2024, 00:00
      Then the deadline "Transmittal to the court" is Thursday 25 July 2024

  Rule: execution - the Lupon executes within six months, later only a court does
    Scenario: The last day
      When it becomes Sunday 21 July 2024, 00:00
      Then the deadline "Execution by the Lupon" is Friday 10 January 2025

    Scenario: In time
      Given it has become Friday 10 January 2025, 16:00
      When Asha moves for execution
      Then the case is "Motion for execution"
      And the deadline "Hearing on the motion" is Wednesday 15 January 2025

    Scenario: Too late
      Given it has become Saturday 11 January 2025, 00:00
      When Asha moves for execution
      Then it is refused because it "Closed"
      And the case is closed as "Left to the court"
      And Asha and Bram have the "Notice that the Lupon cannot execute any more"
